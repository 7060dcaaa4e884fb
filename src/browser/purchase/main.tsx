import './purchase.css';
import { openCopyLink } from './copy-link.js';
import { openHostedPage } from './on-hosted-page.js';
import { openOverShop } from './over-shop.js';

/** The pages that this script runs, by the name that the server writes into them. */
const pages: Readonly<Record<string, (root: HTMLElement) => void>> = {
  purchase: openOverShop,
  hosted: openHostedPage,
  distribution: openCopyLink,
};

const root = document.getElementById('page');
if (root) pages[root.dataset.page ?? '']?.(root);
