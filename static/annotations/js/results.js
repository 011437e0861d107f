// Keys of the results: v figures or tables only, t a new table. Not while something is typed.

function isTyping(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const link = document.querySelector(`[data-results] a[data-key="${CSS.escape(event.key)}"]`);
  if (link) link.click();
});
