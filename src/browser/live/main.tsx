import '../design/tokens.css';
import '../design/base.css';
import './live.css';
import { render } from 'preact';
import { LivePage } from './live-page.js';
import { begin } from './state.js';

const root = document.getElementById('live');
if (root) {
  root.textContent = '';
  render(<LivePage />, root);
  void begin();
}
