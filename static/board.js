// The board: dragging, the menu of a card, arrows, and a look at what others changed. Where a card
// may go and where it stands is the server's word: after each answer the cards in #board-arrivals
// take their places, and a card that the server said nothing about goes back.
(() => {
  "use strict";
  const board = document.getElementById("board");
  if (!board || !window.htmx) return;
  const htmx = window.htmx;
  const drops = document.getElementById("drops");
  const menu = document.getElementById("move-menu");
  const LOOK_SECONDS = 12;

  const listOf = (stage) => document.getElementById("column-" + stage);
  const cardOf = (thing) => (thing && thing.closest ? thing.closest("li.deal") : null);
  const linkOf = (card) => card.querySelector("h3 a");

  // Cards take their places: newest in the stage first, each once, nothing beyond what is loaded

  function arrive() {
    const arrivals = document.getElementById("board-arrivals");
    if (!arrivals) return;
    [...arrivals.children].forEach((card) => {
      const old = board.querySelector("#" + card.id);
      card.remove();
      if (old && !("gone" in card.dataset) && isKnown(old, card)) return;
      const focus = old && old.contains(document.activeElement);
      const neighbour = focus && cardOf(old.nextElementSibling || old.previousElementSibling);
      if (old) old.remove();
      const list = "gone" in card.dataset ? null : listOf(card.dataset.stage);
      if (list) place(card, list);
      if (focus) focusOn(card.isConnected ? card : neighbour);
    });
    refocus();
  }
  // Whose menu was opened last: it has the focus again when the menu is gone
  let opened = "";
  function refocus() {
    if (opened && document.activeElement === document.body) focusOn(document.getElementById(opened));
  }
  // An answer may arrive after a later one: what it tells is older than what is shown
  function isKnown(old, card) {
    const [shown, told] = [Number(old.dataset.version), Number(card.dataset.version)];
    return shown > told || (shown === told && old.parentElement === listOf(card.dataset.stage));
  }
  function place(card, list) {
    const since = Number(card.dataset.since);
    const next = [...list.children].find((one) => !("since" in one.dataset) || Number(one.dataset.since) < since);
    if (next && "next" in next.dataset) return; // it comes with the next page
    list.insertBefore(card, next || null);
    htmx.process(card);
  }
  function focusOn(card) {
    if (card && card.isConnected) linkOf(card).focus({ preventScroll: true });
  }
  document.addEventListener("htmx:oobAfterSwap", arrive);
  document.addEventListener("htmx:afterSettle", refocus);

  // A move: at once on the screen, then as the server says

  let moves = 0;

  function move(card, target) {
    const home = { list: card.parentElement, next: card.nextElementSibling };
    const { stage, path } = target.dataset;
    const list = stage && listOf(stage);
    // a zone may lead to another address beside that of moves
    const address = new URL(path || "", new URL(card.dataset.href, location.href)).pathname;
    if (list) list.prepend(card);
    else card.hidden = true;
    moves += 1;
    const values = stage ? { stage, seen_in: home.list.dataset.stage } : {};
    htmx
      .ajax("POST", address, { source: card, target: "#toasts", swap: "beforeend", values })
      .catch(() => {})
      .then(() => {
        moves -= 1;
        if (!card.isConnected) return;
        card.hidden = false;
        const isThere = home.next && home.next.parentElement === home.list;
        home.list.insertBefore(card, isThere ? home.next : home.list.firstElementChild);
      });
  }
  function ask(card, stage) {
    const seen = card.parentElement.dataset.stage;
    htmx.ajax("GET", `${card.dataset.href}?stage=${stage}&seen_in=${seen}`, {
      source: card, target: "#dialogs", swap: "innerHTML",
    }).catch(() => {});
  }

  // Dragging: the card stays where it was, as a ghost, until it is dropped

  let held = null;
  const slot = document.createElement("li");
  slot.append(Object.assign(document.createElement("div"), { className: "deal-slot" }));

  function aim(event) {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const drop = under && under.closest(".drop");
    const lane = under && under.closest(".lane");
    const list = lane && lane.querySelector(".lane-body");
    held.target = drop || (list && list !== held.home ? list : null);
    drops.querySelectorAll(".drop").forEach((one) => one.classList.toggle("is-over", one === drop));
    document.querySelectorAll(".is-dragging").forEach((one) => one.classList.toggle("is-over", Boolean(drop)));
    board.querySelectorAll(".lane").forEach((one) => one.classList.toggle("is-target", one === lane && held.target === list));
    if (held.target && held.target === list) {
      if (slot.parentElement !== list) list.prepend(slot);
    } else slot.remove();
  }
  function letGo() {
    document.removeEventListener("pointermove", aim);
    slot.remove();
    drops.hidden = true;
    document.querySelectorAll(".is-target, .is-over").forEach((one) => one.classList.remove("is-target", "is-over"));
  }
  const dragging = {
    draggable: "li.deal[data-href]",
    group: "deals",
    sort: false,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    fallbackClass: "is-dragging",
    ghostClass: "is-ghost",
    delay: 250,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    scroll: board, // sideways; a column need not scroll: what is dropped stands on its top
    scrollSensitivity: 60,
    onStart: (event) => {
      held = { card: event.item, home: event.from, target: null };
      drops.hidden = false;
      document.addEventListener("pointermove", aim);
    },
    onMove: () => false,
    onEnd: () => {
      const { card, target } = held;
      held = null;
      letGo();
      if (!target || !card.isConnected) return;
      if ("asks" in target.dataset) ask(card, target.dataset.stage);
      else move(card, target);
    },
  };
  if (window.Sortable) board.querySelectorAll(".lane-body").forEach((list) => window.Sortable.create(list, dragging));

  // The menu of a card, loaded when it is opened, so that "now" is right

  board.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-move]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const href = cardOf(opener).dataset.href;
    opened = cardOf(opener).id;
    htmx.ajax("GET", href, { source: opener, target: menu, swap: "innerHTML" }).then(() => {
      if (!menu.firstElementChild || !opener.isConnected) return;
      htmx.process(menu); // htmx takes 20 ms for it, and Enter may be quicker
      menu.showPopover({ source: opener });
      const first = menu.querySelector("[aria-current]") || menu.querySelector(".menu-item");
      if (first) first.focus({ preventScroll: true });
    }, () => {});
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const items = [...menu.querySelectorAll(".menu-item")];
    const now = items.indexOf(document.activeElement);
    items[(now + step + items.length) % items.length].focus();
    event.preventDefault();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    menu.replaceChildren();
    refocus(); // the card may have moved while the menu had the focus
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.target.matches("dialog") && menu.matches(":popover-open")) menu.hidePopover();
  });

  // Arrows: from card to card, from column to column

  board.addEventListener("keydown", (event) => {
    const card = cardOf(event.target);
    if (!card || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const list = card.parentElement;
    const cards = [...list.querySelectorAll("li.deal")];
    const row = cards.indexOf(card);
    let to;
    if (event.key === "ArrowDown") to = cards[row + 1];
    else if (event.key === "ArrowUp") to = cards[row - 1];
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") to = beside(list, row, event.key === "ArrowRight" ? 1 : -1);
    else return;
    event.preventDefault();
    if (!to) return;
    linkOf(to).focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  function beside(list, row, step) {
    const lists = [...board.querySelectorAll(".lane-body")];
    for (let at = lists.indexOf(list) + step; lists[at]; at += step) {
      const cards = lists[at].querySelectorAll("li.deal");
      if (cards.length) return cards[Math.min(row, cards.length - 1)];
    }
    return null;
  }

  // A long list of choices is narrowed by what is typed above it

  document.querySelectorAll("[data-narrows]").forEach((field) => {
    field.hidden = false;
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      field.form.querySelectorAll(".pop-list > *").forEach((one) => {
        one.hidden = !one.textContent.toLocaleLowerCase().includes(wanted);
      });
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });

  // What others changed, while the page is seen and nobody holds anything

  let looking = false;

  function look() {
    const mark = document.getElementById("board-changes");
    const busy = looking || moves || held || document.hidden || document.querySelector("dialog[open], [popover]:popover-open");
    if (!mark || busy) return;
    looking = true;
    htmx.ajax("GET", mark.dataset.href, { source: board, target: board, swap: "none", headers: { "X-Look": "1" } })
      .catch(() => {})
      .then(() => { looking = false; });
  }
  setInterval(look, LOOK_SECONDS * 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });

  // The phone shows one column: the switch marks it

  const tabs = [...document.querySelectorAll(".stage-switch a")];
  board.addEventListener("scroll", () => {
    const shown = Math.round(board.scrollLeft / board.clientWidth);
    if (board.scrollWidth < board.clientWidth * tabs.length) return;
    tabs.forEach((tab, at) => {
      if (at === shown) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
  }, { passive: true });
})();
