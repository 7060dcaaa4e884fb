/** The most bytes that a QR code holds. Source: ISO/IEC 18004, version 40 with level L. */
const CAPACITY = 2953;

/** Draws a text as a QR code; undefined when it is too long for one. The library is loaded with the first. */
export async function qrCode(text: string): Promise<string | undefined> {
  if (Buffer.byteLength(text) > CAPACITY) return undefined;
  const { renderSVG } = await import('uqr');
  // Four modules of white around it, as the standard asks for.
  return renderSVG(text, { border: 4 });
}
