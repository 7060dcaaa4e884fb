/** Lets the buttons of a page copy the text that they name. */
export function openCopyLink(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    const text = document.getElementById(button.dataset.copies ?? '')?.textContent ?? '';
    const said = root.querySelector('[role=status]');
    button.hidden = false;
    button.addEventListener('click', async () => {
      const done = await navigator.clipboard.writeText(text).then(
        () => 'Copied.',
        () => 'The browser does not let this page copy; mark the address and copy it by hand.',
      );
      if (said) said.textContent = done;
    });
  }
}
