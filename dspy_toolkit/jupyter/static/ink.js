// Colours of the page's theme, line styles and hatches: no two series of a chart differ by colour alone.

const NAMES = ['ink', 'quiet', 'line', 'ground', 'blue', 'orange', 'green', 'red', 'sky', 'purple'];

export const DASHES = { solid: [], dashed: [6, 4], dotted: [1.5, 3], dots: [2, 8] };

export class Ink {
  constructor(root) {
    this.root = root;
    this.read();
    const again = () => { this.read(); this.changed?.(); };
    this.media = matchMedia('(prefers-color-scheme: dark)');
    this.media.addEventListener('change', again);
    this.watcher = new MutationObserver(() => setTimeout(again));
    this.watcher.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light', 'class', 'data-vscode-theme-kind'] });
    this.again = again;
  }

  read() {
    const style = getComputedStyle(this.root);
    this.font = `11px ${style.getPropertyValue('font-family')}`;
    for (const name of NAMES) this[name] = toColour(this.root, name);
    this.hatches = {};
  }

  // A fill of a colour: 'full', 'light', 'hatched' or 'crossed'
  fill(context, colour, style) {
    if (style === 'full') return this[colour];
    const key = `${colour} ${style}`;
    return this.hatches[key] ??= context.createPattern(hatch(this[colour], style), 'repeat');
  }

  close() {
    this.media.removeEventListener('change', this.again);
    this.watcher.disconnect();
  }
}

// A variable of the style sheet as a colour that a canvas knows
function toColour(root, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  root.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function hatch(colour, style) {
  const tile = document.createElement('canvas'), context = tile.getContext('2d');
  tile.width = tile.height = 6;
  context.fillStyle = context.strokeStyle = colour;
  context.globalAlpha = style === 'light' ? 0.38 : 0.3;
  context.fillRect(0, 0, 6, 6);
  context.globalAlpha = 1;
  context.lineWidth = 1.4;
  context.beginPath();
  if (style !== 'light') for (const x of [-6, 0, 6]) { context.moveTo(x, 6); context.lineTo(x + 6, 0); }
  if (style === 'crossed') for (const x of [-6, 0, 6]) { context.moveTo(x, 0); context.lineTo(x + 6, 6); }
  context.stroke();
  return tile;
}
