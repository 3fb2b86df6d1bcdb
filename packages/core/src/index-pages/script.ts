/** Shows only the messages of a page that hold all the words typed. The page is whole without it. */
export const SCRIPT = `
const box = document.querySelector('.filter');
const input = box.querySelector('input');
const output = box.querySelector('output');
const compared = (text) => text.normalize('NFC').toLowerCase().replace(/\\s+/g, ' ');
let items = null;
input.addEventListener('input', () => {
  items ??= [...document.querySelectorAll('.list > li')].map((item) => ({ item, text: compared(item.textContent) }));
  const words = compared(input.value).split(' ');
  let shown = 0;
  for (const { item, text } of items) {
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  output.value = input.value.trim() === '' ? '' : output.dataset.text.replace('{shown}', shown).replace('{total}', items.length);
});
box.hidden = false;
`;
