import type { OpenForm } from '../form/open-model.js';
import { actionBarHtml } from './action-bar-html.js';
import { blocksHtml } from './blocks-html.js';
import { html } from './html.js';
import { RICH_TEXT_CSS } from './rich-text-css.js';
import type { RichTextOptions } from './rich-text-options.js';
import { StyleClasses } from './style-classes.js';

export interface FormHtml {
  /** The body of the form: one `div.notes-form`, well-formed as XML too. */
  readonly html: string;
  /** The action bar, `div.action-bar`; empty when no action is to be seen. */
  readonly actionBar: string;
  /** Style sheet that belongs to both: what the design says of fonts, margins, colours and borders. */
  readonly css: string;
}

/**
 * Draws an open form. Values are text in it, whatever they are; there is no script and no style attribute, so it may stand
 * under a strict content security policy. Classes that a page can style:
 *
 * | class | what it is |
 * |---|---|
 * | `notes-form`, `mode-read`, `mode-edit` | the whole form |
 * | `par`, `notes-list`, `list-bullet` ... | paragraph; list of such with the kind of its marks |
 * | `notes-table`, `notes-section`, `notes-rule`, `notes-picture` | what they say |
 * | `field`, `field-<type>`, `is-editable`, `is-error` | a field in any mode; `data-field` is its name |
 * | `field-input`, `field-choices` | what can be typed into; boxes to tick |
 * | `notes-button`, `hotspot`, `popup`, `notes-link` | `data-click` is the key of `OpenForm.clicks`, `data-frame` a frame |
 * | `notes-outline` | `data-outline`; replaced by `options.outline` |
 * | `undrawn` | note in place of what is not drawn |
 * | `action-bar`, `action`, `action-menu`, `is-right` | actions; `data-click`, `data-command` |
 */
export function formHtml(form: OpenForm, options: RichTextOptions): FormHtml {
  const styles = new StyleClasses(options.classPrefix ?? 'rt');
  const pen = { options, styles };
  const look = styles.classOf([form.background && `background-color:${form.background}`]);
  const body = html`<div class="notes-form mode-${form.mode} ${look}" data-form="${form.form}">${blocksHtml(form.blocks, pen)}</div>`;
  const bar = actionBarHtml(form.actions, pen);
  return { html: body.text, actionBar: bar.text, css: `${RICH_TEXT_CSS}${styles.css()}` };
}
