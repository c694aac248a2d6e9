// Measures taken inside a page. Each function is sent to the browser whole, so it uses nothing from outside itself;
// all are synchronous, because the page's JavaScript is off. Each answers with the list of what is wrong.

/** Nothing runs over the window, off its box, or over other text. Only `.table-scroll` may be wider than it seems. */
export function layout() {
  const problems = [];
  const name = (element) => element.tagName.toLowerCase() + (element.className?.length ? `.${element.className}` : "");
  const width = document.documentElement.clientWidth;
  const wide = document.scrollingElement.scrollWidth;
  if (wide > innerWidth) {
    const widest = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > innerWidth + 0.5);
    problems.push(`scrolls sideways: ${wide} > ${innerWidth} (${widest.slice(-3).map(name)})`);
  }

  // Words for screen readers only are meant to be unseen; so is the skip link until it has the focus.
  const isUnseen = (element) => element.closest(".visually-hidden, .skip, rt, rp, svg, head") || getComputedStyle(element).visibility === "hidden";
  const clips = (element) => {
    const style = getComputedStyle(element);
    return style.clipPath === "inset(50%)" ? "unseen" : style.overflowX !== "visible" || style.overflowY !== "visible";
  };
  const clipping = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const how = clips(element);
    if (how) clipping.set(element, how);
    if (how === true && !element.matches(".table-scroll") && /auto|scroll/.test(getComputedStyle(element).overflow)
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
      problems.push(`${name(element)} scrolls`);
    }
    if (element.matches(".table-scroll") && !(element.tabIndex === 0 && element.getAttribute("role") === "region" && element.getAttribute("aria-label"))) {
      problems.push("a .table-scroll that the keyboard cannot reach or that has no name");
    }
  }

  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const parent = text.parentElement;
    if (!text.data.trim() || isUnseen(parent)) continue;
    let unseen = false;
    let scrolled = false;
    const boxes = [];
    for (let element = parent; element; element = element.parentElement) {
      const how = clipping.get(element);
      unseen ||= how === "unseen";
      scrolled ||= element.matches(".table-scroll");
      if (how === true && !element.matches(".table-scroll, html, body")) boxes.push(element);
    }
    if (unseen) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const words = text.data.trim().slice(0, 20);
      if (!scrolled && (rect.left < -0.5 || rect.right > width + 0.5)) problems.push(`"${words}" runs over the window's side`);
      for (const box of boxes) {
        const outer = box.getBoundingClientRect();
        if (rect.right > outer.right + 1 || rect.bottom > outer.bottom + 1 || rect.left < outer.left - 1 || rect.top < outer.top - 1) {
          problems.push(`"${words}" is cut off by ${name(box)}`);
        }
      }
      if (!scrolled) lines.push({ text, rect, words });
    }
  }
  lines.sort((a, b) => a.rect.top - b.rect.top);
  lines.forEach((upper, index) => {
    for (const lower of lines.slice(index + 1)) {
      if (lower.rect.top >= upper.rect.bottom) break;
      if (lower.text === upper.text) continue;
      const high = Math.min(upper.rect.bottom, lower.rect.bottom) - lower.rect.top;
      const broad = Math.min(upper.rect.right, lower.rect.right) - Math.max(upper.rect.left, lower.rect.left);
      const least = Math.min(upper.rect.height, lower.rect.height);
      if (broad > 2 && high > 0.4 * least) problems.push(`"${upper.words}" and "${lower.words}" lie on each other`);
    }
  });
  return [...new Set(problems)];
}

/** No figure is split over two lines where its line has room for all of it, and none leaves the cell that it stands in. */
export function figures() {
  const problems = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text; (text = walker.nextNode());) {
    const parent = text.parentElement;
    if (!/\d/.test(text.data) || parent.closest(".visually-hidden, .skip, svg, rt")) continue;
    let block = parent;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const cell = parent.closest("td, th");
    for (const { 0: figure, index } of text.data.matchAll(/\d[\d,.]*\d|\d/g)) {
      // Digits inside a word (an address, a name) may part where the word parts.
      if (/[A-Za-z/_=?&@-]$/.test(text.data.slice(0, index)) || /^[A-Za-z/_=?&@-]/.test(text.data.slice(index + figure.length))) continue;
      range.setStart(text, index);
      range.setEnd(text, index + figure.length);
      const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (!rects.length) continue;
      // No line may end after an opening bracket or begin with a closing one: these go with the figure.
      range.setStart(text, index - text.data.slice(0, index).match(/[（(「]*$/)[0].length);
      range.setEnd(text, index + figure.length + text.data.slice(index + figure.length).match(/^[）)」、。%％]*/)[0].length);
      const wide = [...range.getClientRects()].reduce((sum, { width }) => sum + width, 0);
      const style = getComputedStyle(block);
      const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (new Set(rects.map(({ top }) => Math.round(top))).size > 1 && wide < room) problems.push(`${figure} is split over two lines`);
      if (cell) {
        const box = cell.getBoundingClientRect();
        if (rects.some(({ left, right }) => left < box.left - 0.5 || right > box.right + 0.5)) problems.push(`${figure} leaves its cell`);
      }
    }
  }
  return [...new Set(problems)];
}

/** WCAG 1.4.12: the spacing every reader may set. */
export function spaceOut() {
  const style = document.createElement("style");
  style.textContent = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`;
  document.head.append(style);
}

/** WCAG 2.5.8: 24 by 24 px for whatever can be pressed, unless it stands in a sentence. */
export function targets() {
  const problems = [];
  for (const element of document.querySelectorAll("a[href], button, input, select, summary")) {
    const style = getComputedStyle(element);
    if (!element.getClientRects().length || element.matches(".skip")) continue;
    if (style.display === "inline") {
      let block = element.parentElement;
      while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
      const other = [...block.childNodes].filter((node) => !node.contains(element) && !node.querySelector?.("a") && !node.matches?.("ul, ol, dl"));
      if (/\p{L}{2}/u.test(other.map((node) => node.textContent).join(""))) continue;
    }
    const { width, height } = element.getBoundingClientRect();
    if (width < 24 || height < 24) problems.push(`"${element.textContent.trim().slice(0, 20)}" is ${width.toFixed(1)} by ${height.toFixed(1)} px`);
  }
  return [...new Set(problems)];
}

/** Everything the Tab key should reach, in order, and where the focus is now. */
export function focus() {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((element) => element.getClientRects().length);
  const active = document.activeElement;
  const style = getComputedStyle(active);
  const rect = active.getClientRects()[0] ?? { width: 0, height: 0, left: 0, top: 0 };
  const seen = document.elementFromPoint(rect.left + rect.width / 2, rect.top + Math.min(rect.height / 2, 20));
  return {
    index: all.indexOf(active),
    count: all.length,
    firstInMain: all.findIndex((element) => element.closest("main")),
    id: active.id,
    isSkip: active.matches(".skip"),
    words: active.textContent.trim().slice(0, 20),
    hasOutline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isSeen: rect.width >= 24 && rect.height >= 12 && !!seen && (active.contains(seen) || seen.contains(active)),
  };
}

/** The text that belongs on paper: what print shows, without what only screens and screen readers need. */
export function printed() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let all = "";
  for (let text; (text = walker.nextNode());) {
    const parent = text.parentElement;
    const range = document.createRange();
    range.selectNodeContents(text);
    if (!range.getClientRects().length || parent.closest("svg")) continue;
    let hidden = false;
    for (let element = parent; element; element = element.parentElement) hidden ||= getComputedStyle(element).clipPath === "inset(50%)";
    if (!hidden) all += text.data;
  }
  return all;
}
