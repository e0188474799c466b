import { describe, expect, test } from 'vitest';
import { readDesign } from '../../../../src/notes/template/design/design.js';
import { findNamed } from '../../../../src/notes/template/design/element-names.js';

const DXL = `<database xmlns='http://www.lotus.com/dxl' title='T'>
  <launchsettings><noteslaunch whenopened='openframeset' frameset='Main' showaboutdocument='firstopen'/></launchsettings>
  <subform name='S'><body><richtext/></body></subform>
  <page name='P'><body><richtext><par>page</par></richtext></body></page>
  <outline name='O' alias='Main|Other'>
    <outlineentry label='People' type='namedelementlink' targetframe='right'><imageref name='i.gif'/><namedelementlink type='view' name='People'/></outlineentry>
    <outlineentry level='1' type='urllink' hide='web'><urllink href='https://example.com'/><code event='label'><formula>"L"</formula></code><code event='hidewhen'><formula>0</formula></code></outlineentry>
    <outlineentry level='-3' type='action' label='Do'><code event='click'><formula>1</formula></code></outlineentry>
    <outlineentry type='otherviews' level='999'/>
  </outline>
  <frameset name='Main' columns='190px 1* 20%' borderwidth='1px'>
    <frame name='left' targetframe='right' scrolling='never'><namedelementlink type='page' name='P'/></frame>
    <frameset rows='30px 2'><frame name='top'/><frame name='right' initialfocus='true' noresize='true'/></frameset>
    <frame name='last'/>
  </frameset>
  <helpaboutdocument><body><richtext><par>about</par></richtext></body></helpaboutdocument>
</database>`;

describe('readDesign', () => {
  const design = readDesign(DXL);

  test('knows what is shown when the database is opened', () => {
    expect(design.launch).toEqual({
      whenOpened: 'openframeset',
      frameset: 'Main',
      navigator: undefined,
      showsAbout: 'firstopen',
    });
    expect(readDesign("<database title='T'/>").launch.whenOpened).toBe('restorelastview');
  });

  test('reads frames with their sizes, contents and targets', () => {
    const frameset = findNamed(design.framesets, 'main');
    expect(frameset).toMatchObject({
      direction: 'columns',
      borderWidth: 1,
      sizes: [
        { unit: 'px', value: 190 },
        { unit: 'share', value: 1 },
        { unit: 'percent', value: 20 },
      ],
      parts: [
        { kind: 'frame', name: 'left', targetFrame: 'right', scrolling: 'never', content: { type: 'page', name: 'P' } },
        {
          kind: 'frameset',
          direction: 'rows',
          sizes: [
            { unit: 'px', value: 30 },
            { unit: 'share', value: 2 },
          ],
          parts: [{ name: 'top' }, { name: 'right', hasInitialFocus: true, canResize: false, content: undefined }],
        },
        { name: 'last', scrolling: 'auto' },
      ],
    });
  });

  test('reads outlines with levels, targets and what hides entries', () => {
    expect(findNamed(design.outlines, 'other')?.entries).toMatchObject([
      {
        label: 'People',
        level: 0,
        type: 'namedelementlink',
        targetFrame: 'right',
        image: 'i.gif',
        target: { kind: 'element', type: 'view', name: 'People' },
      },
      {
        label: { kind: 'formula' },
        level: 1,
        hide: ['web'],
        hideWhen: { kind: 'formula' },
        target: { kind: 'url', address: 'https://example.com' },
      },
      { label: 'Do', level: 0, type: 'action', click: { kind: 'formula' }, target: undefined },
      { type: 'otherviews', level: 20 },
    ]);
  });

  test('reads subforms, pages and the documents of help', () => {
    expect(design.subforms).toMatchObject([{ kind: 'subform', alias: 'S' }]);
    expect(design.pages).toMatchObject([{ kind: 'page', body: [{ parts: [{ text: 'page' }] }] }]);
    expect(design.about).toMatchObject({ kind: 'about', body: [{ parts: [{ text: 'about' }] }] });
    expect(design.using).toBeUndefined();
  });
});
