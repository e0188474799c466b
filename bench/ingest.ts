// The command of package.json names this file.
import './main.js';
