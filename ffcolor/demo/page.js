const toast = document.getElementById("toast");
let timer = 0;
function say(text) {
  toast.textContent = text;
  toast.classList.add("on");
  clearTimeout(timer);
  timer = setTimeout(() => toast.classList.remove("on"), 1400);
}
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  say(`${text} copied`);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-hex]");
  if (button) copy(button.dataset.hex);
});
