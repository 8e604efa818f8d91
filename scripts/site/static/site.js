// What the pages do: theme, menu, search, versions, copying, anchors. All of it works from the keyboard, and a page reads well without it.
const root = document.documentElement, $ = (what, where = document) => where.querySelector(what), all = (what, where = document) => [...where.querySelectorAll(what)];
const up = root.dataset.up;

// theme: the system's, until a person chooses; pictures made for each follow the choice
const system = matchMedia('(prefers-color-scheme: dark)'), button = $('.theme');
const isDark = () => root.dataset.theme ? root.dataset.theme == 'dark' : system.matches;
const sources = all('source[media*=prefers-color-scheme]').map(o => [o, o.media]);
function showTheme() {
  button.textContent = isDark() ? 'Light' : 'Dark';
  button.title = `Switch to ${isDark() ? 'light' : 'dark'}`;
  for (const [source, media] of sources) {
    const [asked] = media.match(/\(prefers-color-scheme: (dark|light)\)/), dark = asked.includes('dark');
    source.media = media.replace(asked, dark == isDark() ? 'all' : 'not all').replace(/^all and /, '').replace(/ and all$/, '').replace(/.*not all.*/, 'not all');
  }
}
button.onclick = () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch {}
  showTheme();
};
system.onchange = showTheme;
showTheme();

// the menu of a phone
const menu = $('.menu'), sidebar = $('#site-sidebar');
function openMenu(open) {
  sidebar.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', open);
  if (open) $('a, summary', sidebar).focus();
}
menu.onclick = () => openMenu(!sidebar.classList.contains('open'));
sidebar.onkeydown = event => { if (event.key == 'Escape' && sidebar.classList.contains('open')) { openMenu(false); menu.focus(); } };
$('[aria-current]', sidebar)?.scrollIntoView({ block: 'nearest' });

// search: every word must occur; titles count more than headings, and headings more than text; three places of a page at most
const box = $('.search input'), found = $('#site-found');
let index = null, chosen = -1;
const load = () => index ??= fetch(up + 'search.json').then(o => o.json()).then(list => list.map(o => [...o, o.slice(1).map(t => t.toLowerCase())]));
const LEARN = /^(tutorials|how_to|explanations)\//;
function score([href, , , , [title, heading, text]], words) {
  let sum = 0;
  for (const word of words) {
    const points = (title == word ? 60 : title.startsWith(word) ? 30 : title.includes(word) ? 15 : 0) + (heading == word ? 40 : heading.includes(word) ? 12 : 0) + (text.includes(word) ? 2 : 0);
    if (!points) return 0;
    sum += points;
  }
  return sum + (heading ? 0 : 1) + (LEARN.test(href) ? 5 : 0);
}
const escape = text => text.replace(/[&<>"]/g, o => `&#${o.charCodeAt(0)};`);
function around(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  return escape(text.slice(at, at + 110));
}
async function search() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  chosen = -1;
  box.removeAttribute('aria-activedescendant');
  if (!words.length) return close();
  const pages = {}, page = o => o[0].split('#')[0];
  const hits = (await load()).map(o => [score(o, words), o]).filter(o => o[0]).sort((a, b) => b[0] - a[0])
    .filter(([, o]) => (pages[page(o)] = (pages[page(o)] ?? 0) + 1) <= 3).slice(0, 12);
  found.innerHTML = hits.map(([, [href, title, heading, text]], i) => `<li role="option" id="site-found-${i}" aria-selected="false"><a tabindex="-1" href="${up}${href}">`
    + `<strong>${escape(title)}${heading ? ' › ' + escape(heading) : ''}</strong><small>${around(text, words[0])}</small></a></li>`).join('')
    || '<li role="option" aria-selected="false" aria-disabled="true"><p>Nothing found. Try fewer words.</p></li>';
  found.hidden = false;
  box.setAttribute('aria-expanded', true);
}
function close() { found.hidden = true; box.setAttribute('aria-expanded', false); }
function choose(step) {
  const options = all('[id]', found);
  if (!options.length) return;
  options[chosen]?.setAttribute('aria-selected', false);
  chosen = (chosen + step + options.length) % options.length;
  options[chosen].setAttribute('aria-selected', true);
  options[chosen].scrollIntoView({ block: 'nearest' });
  box.setAttribute('aria-activedescendant', options[chosen].id);
}
box.onfocus = load;
box.oninput = search;
box.onkeydown = event => {
  if (event.key == 'ArrowDown' || event.key == 'ArrowUp') { event.preventDefault(); choose(event.key == 'ArrowDown' ? 1 : chosen < 0 ? 0 : -1); }
  if (event.key == 'Enter') (all('[id] a', found)[Math.max(chosen, 0)])?.click();
  if (event.key == 'Escape') { close(); box.value = ''; }
};
document.addEventListener('keydown', event => {
  const writing = /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName);
  if (!writing && event.key == '/' || (event.ctrlKey || event.metaKey) && event.key == 'k') { event.preventDefault(); box.focus(); }
});
document.addEventListener('click', event => { if (!$('.search').contains(event.target)) close(); });

// versions: with more than one, a choice; the same page of the other version, or its first one. On a phone it is in the menu
fetch(up + 'versions.json').then(o => o.json()).then(list => {
  if (list.length < 2) return;
  const select = document.createElement('select'), base = new URL(up || './', location);
  select.className = 'version';
  select.setAttribute('aria-label', 'Version');
  for (const { version, current } of list) select.add(new Option(version, version, current, current));
  select.onchange = async () => {
    const there = new URL(list[select.selectedIndex].url, base), page = new URL(location.pathname.slice(base.pathname.length), there);
    location = await fetch(page, { method: 'HEAD' }).then(o => o.ok, () => false) ? page : there;
  };
  const narrow = matchMedia('(max-width: 52rem)');
  const place = () => narrow.matches ? $('#site-sidebar').prepend(select) : $('.theme').before(select);
  $('span.version').remove();
  narrow.addEventListener('change', place);
  place();
}).catch(() => {});

// code is copied with a click; what is wider than its place can be scrolled from the keyboard
for (const copy of all('.code-copy-button')) copy.onclick = async () => {
  await navigator.clipboard.writeText($('code', copy.parentElement).innerText);
  copy.title = 'Copied';
  setTimeout(() => copy.title = 'Copy', 1500);
};
const reach = new ResizeObserver(entries => {
  for (const { target } of entries) target.scrollWidth > target.clientWidth ? target.tabIndex = 0 : target.removeAttribute('tabindex');
});
for (const wide of all('pre, .cell-output, main table:not([role]), math[display=block]')) reach.observe(wide);

// headings can be linked to
for (const heading of all(':is(h2, h3, h4)[data-anchor-id]')) {
  const link = document.createElement('a');
  Object.assign(link, { className: 'anchor', href: '#' + heading.dataset.anchorId, textContent: '#' });
  link.setAttribute('aria-label', 'Link to ' + heading.textContent);
  heading.append(link);
}

// what moves can be stopped
for (const figure of all('.moving')) {
  const stop = document.createElement('button'), images = all('source, img', figure);
  const moving = images.map(o => o.srcset || o.src);
  Object.assign(stop, { type: 'button', textContent: 'Pause' });
  stop.onclick = () => {
    const pause = stop.textContent == 'Pause';
    images.forEach((o, i) => o[o.tagName == 'IMG' ? 'src' : 'srcset'] = pause ? moving[i].replace(/answer-(light|dark)\.webp/, 'answer-$1-still.webp') : moving[i]);
    stop.textContent = pause ? 'Play' : 'Pause';
  };
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) figure.append(stop);
}
