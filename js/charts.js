// Draws the page's charts, lets one cursor run through the long view, and opens the rows behind a year.
// No eval, no network: specifications and rows stand in the page as JSON.
import { compile } from 'vega-lite';
import { Error as OnlyErrors, View, parse } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';

const data = JSON.parse(document.getElementById('amity-data').textContent);
const brief = data.brief;
const timeline = new Map();
const tip = document.getElementById('tip');
const readout = document.getElementById('readout');
const drawer = document.getElementById('drawer');

const quiet = { level: () => quiet, error: (text) => { throw new Error(text); }, warn: () => quiet, info: () => quiet, debug: () => quiet };

async function draw(place) {
  const name = place.dataset.chart;
  const runtime = parse(compile(data.charts[name], { logger: quiet }).spec, undefined, { ast: true });
  const view = new View(runtime, {
    ast: true, expr: expressionInterpreter, renderer: 'svg', container: place, hover: true, logLevel: OnlyErrors,
  });
  view.tooltip((_, event, item, value) => point(event, value));
  await view.runAsync();
  drawnViews.push([place, view]);
  if (place.dataset.time !== undefined) follow(place, view, name);
  place.dataset.drawn = 'yes';
}

function point(event, value) {
  tip.hidden = !value;
  if (!value) return;
  tip.textContent = value;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${Math.max(8, event.clientY - box.height - 12)}px`;
}

function follow(place, view, name) {
  timeline.set(name, view);
  const year = (event) => {
    const left = place.querySelector('svg').getBoundingClientRect().left + view.origin()[0] + view.padding().left;
    const scale = view.scale('x');
    const at = +scale.invert(event.clientX - left);
    const [first, last] = scale.domain().map(Number);
    return at < first || at >= last ? null : new Date(at).getUTCFullYear();
  };
  place.addEventListener('pointermove', (event) => hold(year(event)));
  place.addEventListener('pointerleave', () => hold(null));
  place.addEventListener('click', (event) => { const at = year(event); if (at) open(at); });
}

let held = null;
function hold(year) {
  if (year === held) return;
  held = year;
  const at = year === null ? null : Date.UTC(year, 6, 1);
  for (const view of timeline.values()) view.signal('held', at).runAsync();
  readout.textContent = year === null ? readout.dataset.rest : inYear(year).join(' · ');
}

const within = (tie, year) => tie.start.slice(0, 4) <= year && (!tie.end || tie.end.slice(0, 4) >= year);
const of = (series, year) => series.find((one) => one.year === year);
const short = (party) => party.iso3c || party.name;
const q = brief.question;

function inYear(year) {
  const said = [String(year)];
  const pairs = [[brief.agreement, q.a, q.b], [brief.agreement_a_third, q.a, q.third], [brief.agreement_b_third, q.b, q.third]];
  for (const [series, one, other] of pairs) {
    const hit = other && of(series, year);
    if (hit) said.push(`${short(one)}–${short(other)} ${hit.value.toFixed(2)}`);
  }
  const met = brief.visits.filter((visit) => +visit.date.slice(0, 4) === year).length;
  if (met) said.push(`${met} ${met === 1 ? 'visit' : 'visits'}`);
  said.push('click for the rows');
  return said;
}

function table(title, heads, rows) {
  if (!rows.length) return null;
  const box = document.createElement('section');
  const head = document.createElement('h3');
  head.textContent = `${title} (${rows.length})`;
  const grid = document.createElement('table');
  const add = (cells, kind) => {
    const line = grid.insertRow();
    for (const cell of cells) {
      const part = document.createElement(kind);
      part.textContent = cell ?? '–';
      line.append(part);
    }
  };
  add(heads, 'th');
  rows.forEach((cells) => add(cells, 'td'));
  box.append(head, grid);
  return box;
}

function open(year) {
  const y = String(year);
  const party = (ccode) => (data.names[ccode] ?? ccode);
  const third = q.third ? [short(q.third)] : [];
  const parts = [
    table('Ties that held', ['What', 'From', 'To', 'Since', 'Until', 'Row'], brief.ties.filter((t) => within(t, y)).map((t) => [
      [t.kind, t.level, t.who].filter(Boolean).join(', '), party(t.ccode_from), party(t.ccode_to),
      `${t.start} ${t.began}`, t.end ? `${t.end} ${t.ended ?? ''}` : 'end of record', `${t.source} ${t.ref}`])),
    table('Visits', ['Date', 'Who', 'Rank', 'Where', 'Row'], brief.visits.filter((v) => v.date.startsWith(y)).map((v) => [
      v.date, v.who, v.rank, v.place ?? (v.direction === 'a to b' ? q.b.name : q.a.name), `${v.source} ${v.ref}`])),
    table('Amounts', ['Period', 'What', 'Amount', 'Unit', 'Row'], brief.amounts.filter((m) => m.year === year).map((m) => [
      m.period, m.kind.replaceAll('_', ' '), Math.round(m.value).toLocaleString('en'), m.unit, `${m.source} ${m.ref}`])),
    table('Roll calls', ['Date', 'Item', 'Title', short(q.a), short(q.b), ...third], data.roll_calls.filter((r) => r[0] === year).map((r) => [
      r[1], r[2], r[3], r[4], r[5], ...(q.third ? [r[6]] : [])])),
  ].filter(Boolean);
  const none = document.createElement('p');
  none.textContent = 'No source has a row about this pair in this year.';
  drawer.querySelector('h2').textContent = `The rows behind ${year}`;
  drawer.querySelector('.rows').replaceChildren(...(parts.length ? parts : [none]));
  drawer.showModal();
  drawer.scrollTop = 0;
}

drawer.querySelector('button').addEventListener('click', () => drawer.close());
drawer.addEventListener('click', (event) => { if (event.target === drawer) drawer.close(); });
document.addEventListener('keydown', (event) => {
  if (drawer.open || !['ArrowLeft', 'ArrowRight', 'Enter'].includes(event.key) || !event.target.closest('.timeline')) return;
  event.preventDefault();
  if (event.key === 'Enter') return held && open(held);
  hold(Math.min(q.end, Math.max(q.start, (held ?? q.end) + (event.key === 'ArrowLeft' ? -1 : 1))));
});
document.querySelectorAll('[data-year]').forEach((link) => link.addEventListener('click', () => open(+link.dataset.year)));

// Paper is narrower than most windows: charts are drawn anew for it, so that their type keeps its size.
const PAPER = 800;
const drawnViews = [];
function fit(paper) {
  const full = document.querySelector('main').clientWidth;
  for (const [place, view] of drawnViews) {
    if (folded(place)) continue;
    view.width(paper ? place.clientWidth * Math.min(1, PAPER / full) : place.clientWidth).run();
  }
}
addEventListener('beforeprint', () => fit(true));
addEventListener('afterprint', () => fit(false));

// What is folded away has no width to be drawn in: it is drawn when it is first opened, and fitted when it is again.
const folded = (place) => place.closest('details:not([open])') !== null;
const places = [...document.querySelectorAll('[data-chart]')];
document.querySelectorAll('details').forEach((part) => part.addEventListener('toggle', () => {
  if (!part.open) return;
  places.filter((place) => part.contains(place) && !folded(place) && !place.dataset.drawn).forEach(draw);
  fit(false);
}));

Promise.all(places.filter((place) => !folded(place)).map(draw)).then(() => {
  document.documentElement.dataset.ready = 'yes';
}).catch((error) => {
  document.documentElement.dataset.failed = String(error);
  throw error;
});
