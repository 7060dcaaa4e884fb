import { renderMoment } from './formats.js';
import { isOver, renderStatus } from './hosted-status.js';
import type { Hosted } from './purchase.js';
import { Said } from './said.js';

/** Shows how a hosted session stands, and until when it can be paid. */
export function HostedStanding({ hosted, locale }: { hosted: Hosted; locale: string }) {
  const { status, expires_at, logo_url } = hosted;
  return (
    <section class="standing small" aria-label="How the page stands">
      <p role="status">
        Status <strong id="status">{status}</strong>: {renderStatus(status)}.
      </p>
      <p class="soft" hidden={isOver(status)}>
        To be paid by <time dateTime={expires_at}>{renderMoment(expires_at, locale)}</time>, on the merchant’s clock.
      </p>
      {logo_url !== undefined && (
        <p class="soft">
          The shop’s logo would be loaded from <Said>{logo_url}</Said>; nothing is loaded from another host here.
        </p>
      )}
    </section>
  );
}
