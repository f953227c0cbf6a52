// The page of a merge that a job does: looked at again until it says that it is done.
(() => {
  "use strict";
  const LOOK_AFTER = 2000; // milliseconds

  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("#content-main");
      if (answer.ok && now && !now.querySelector("[data-look-again]")) {
        document.querySelector("#content-main").replaceWith(now);
        now.querySelector("#merging")?.setAttribute("role", "status");
        return;
      }
    } catch { /* no connection: the next look may have one */ }
    setTimeout(look, LOOK_AFTER);
  };

  window.addEventListener("load", () => setTimeout(look, LOOK_AFTER));
})();
