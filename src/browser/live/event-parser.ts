/** An event of a stream of `text/event-stream`. */
export interface StreamEvent {
  event: string;
  id?: string;
  data: unknown;
}

/** Reads events from text that comes in pieces of any length. */
export class EventParser {
  #rest = '';

  /** Takes the next piece; returns the events that are complete by now. What is no event is passed over. */
  push(text: string): StreamEvent[] {
    const blocks = (this.#rest + text).split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => readBlock(block) ?? []);
  }
}

function readBlock(block: string): StreamEvent | undefined {
  let event = 'message';
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'data') data.push(value);
  }
  if (data.length === 0) return undefined;
  try {
    return { event, data: JSON.parse(data.join('\n')), ...(id !== undefined && { id }) };
  } catch {
    return undefined;
  }
}
