import { hash } from 'node:crypto';

/**
 * The script of a report's page, which filters and searches what stands on it, and unfolds what a link leads to.
 *
 * Items have their kind in `data-kind`, and groups of items in `data-group` what is searched beside each. A group without
 * any item that fits is hidden, and so is a link whose `data-to` is the id of something hidden.
 */
export const PAGE_SCRIPT = `(() => {
const form = document.getElementById('find');
const items = [...document.querySelectorAll('[data-kind]')];
const groups = [...document.querySelectorAll('[data-group]')];
const links = [...document.querySelectorAll('[data-to]')];
const texts = new Map();
const textOf = (item) => {
  const group = item.closest('[data-group]');
  return ((group ? group.dataset.group : '') + ' ' + item.textContent).toLowerCase();
};
const fits = (item, words) => {
  if (words.length === 0) return true;
  if (!texts.has(item)) texts.set(item, textOf(item));
  return words.every((word) => texts.get(item).includes(word));
};
const show = () => {
  const words = form.elements.words.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const kinds = new Set([...form.querySelectorAll(':checked')].map(({ value }) => value));
  for (const item of items) item.hidden = !kinds.has(item.dataset.kind) || !fits(item, words);
  for (const group of groups) group.hidden = !group.querySelector('[data-kind]:not([hidden])');
  for (const link of links) link.hidden = document.getElementById(link.dataset.to).hidden;
  form.elements.shown.value = items.filter(({ hidden }) => !hidden).length + ' of ' + items.length;
};
const unfold = (hash) => {
  const place = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (place && place.tagName === 'DETAILS') place.open = true;
};
form.hidden = items.length === 0;
form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('click', ({ target }) => {
  const link = target.closest('a[href^="#"]');
  if (link) unfold(link.getAttribute('href'));
});
addEventListener('hashchange', () => unfold(location.hash));
unfold(location.hash);
show();
})();
`;

/** The script as the policy of a page names it. */
export const PAGE_SCRIPT_HASH: string = `sha256-${hash('sha256', PAGE_SCRIPT, 'base64')}`;
