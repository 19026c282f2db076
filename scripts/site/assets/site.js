// What the documentation does beyond showing pages: it searches, copies, and folds the menu on small screens.
const root = document.currentScript.dataset.root;
const form = document.querySelector('.find');
const words = document.querySelector('#words');
const found = document.querySelector('#found');
const MOST = 12;

form.hidden = false;
form.addEventListener('submit', (event) => event.preventDefault());

/** The index is loaded when somebody searches for the first time. */
let loading;
function loadIndex() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}/assets/search-index.js`;
    script.onload = () => resolve(globalThis.searchIndex.map(entryOf));
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

const entryOf = ([title, heading, address, text]) => ({
  ...{ title, heading, address, text },
  low: { title: title.toLowerCase(), heading: heading.toLowerCase(), text: text.toLowerCase() },
});

/** All words have to occur. A word counts more in a heading than in a text, and more at the beginning of a word. */
function rankOf({ low }, asked) {
  let rank = 0;
  for (const word of asked) {
    const inHeading = rankIn(low.heading, word) * 8;
    const inTitle = rankIn(low.title, word) * 4;
    const inText = rankIn(low.text, word);
    if (inHeading + inTitle + inText === 0) return 0;
    rank += inHeading + inTitle + inText;
  }
  return rank;
}

function rankIn(text, word) {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  const begins = new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'u').test(
    text,
  );
  return begins ? 2 : 1;
}

/** A piece of the text around the first word, with the words marked. */
function pieceOf(text, asked) {
  const low = text.toLowerCase();
  const places = asked.map((word) => low.indexOf(word)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...places, text.length) - 50);
  const begin = from === 0 ? 0 : text.indexOf(' ', from) + 1;
  const piece = text
    .slice(places.length === 0 ? 0 : begin)
    .slice(0, 160)
    .replace(/\s\S*$/, ' …');
  return marked(`${begin > 0 && places.length > 0 ? '… ' : ''}${piece}`, asked);
}

function marked(text, asked) {
  const part = document.createDocumentFragment();
  const pattern = asked.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  // Every other piece is a word that was asked for.
  for (const [index, piece] of text.split(new RegExp(`(${pattern})`, 'iu')).entries()) {
    const mark = document.createElement(index % 2 === 0 ? 'span' : 'mark');
    mark.textContent = piece;
    part.append(mark);
  }
  return part;
}

function itemOf({ title, heading, address, text }, asked) {
  const link = document.createElement('a');
  link.href = `${root}/${address}`;
  const head = document.createElement('b');
  head.append(marked(heading, asked));
  const page = document.createElement('span');
  page.className = 'quiet small';
  page.textContent = heading === title ? '' : title;
  const piece = document.createElement('span');
  piece.className = 'piece small';
  piece.append(pieceOf(text, asked));
  link.append(head, page, piece);
  const item = document.createElement('li');
  item.append(link);
  return item;
}

async function search() {
  const asked = words.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (asked.length === 0) return hide();
  const index = await loadIndex();
  const hits = index
    .map((entry) => ({ entry, rank: rankOf(entry, asked) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .slice(0, MOST);
  const list = document.createElement('ul');
  list.append(...hits.map(({ entry }) => itemOf(entry, asked)));
  const nothing = document.createElement('p');
  nothing.textContent = 'Nothing has all these words.';
  found.replaceChildren(hits.length > 0 ? list : nothing);
  found.hidden = false;
}

function hide() {
  found.hidden = true;
  found.replaceChildren();
}

words.addEventListener('input', search);
words.addEventListener('focus', () => void loadIndex());
document.addEventListener('click', ({ target }) => {
  if (!form.contains(target)) hide();
  if (target.closest?.('#found a') !== null) hide();
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest?.('input, textarea, select') !== null;
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    words.focus();
  } else if (event.key === 'Escape') {
    hide();
    words.blur();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && form.contains(event.target)) {
    const links = [words, ...found.querySelectorAll('a')];
    const next = links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
    links[next]?.focus();
    event.preventDefault();
  } else if (event.key === 'Enter' && event.target === words) {
    found.querySelector('a')?.click();
  }
});

for (const code of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy small';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code.querySelector('pre').textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
  code.append(button);
}

// On a small screen the menu would hide the page.
const menu = document.querySelector('.menu');
const small = matchMedia('(max-width: 60rem)');
const fold = () => {
  menu.open = !small.matches;
};
small.addEventListener('change', fold);
fold();
