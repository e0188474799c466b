import type { PlantedFault } from './fault.js';

const PEOPLE = 'Views/People.view';
const PERSON = 'Forms/Presence.form';

/** What only the vendor's schemas see. `at` and `reason` are those of the first finding. */
export const SCHEMA_FAULTS: readonly PlantedFault[] = [
  {
    title: 'an attribute that does not exist',
    file: PEOPLE,
    from: "rowlinecount='1'",
    to: "linecount='1'",
    // Of a tag over several lines, the program names the last.
    at: "gridstyle='none'",
    element: 'view People',
    rule: 'schema',
    reason: /linecount/,
  },
  {
    title: 'a value that an attribute does not take',
    file: PEOPLE,
    from: "onrefresh='refresh'",
    to: "onrefresh='always'",
    // Of a tag over several lines, the program names the last.
    at: "gridstyle='none'",
    element: 'view People',
    rule: 'schema',
    reason: /onrefresh|always/,
  },
  {
    title: "a column's header behind its code",
    file: PEOPLE,
    from: "<columnheader title=''/>",
    to: "<code event='value'><formula>1</formula></code><columnheader title=''/>",
    at: "<column itemname='$LastName'",
    element: 'view People',
    rule: 'schema',
    reason: /columnheader/,
  },
  {
    title: 'code behind the columns',
    file: PEOPLE,
    from: '</view>',
    to: '<code event=\'form\'><formula>"Presence"</formula></code></view>',
    element: 'view People',
    rule: 'schema',
    reason: /code|view/,
  },
  {
    title: 'a kind of field that does not exist',
    file: PERSON,
    from: "type='datetime'",
    to: "type='date'",
    element: 'form Presence',
    rule: 'schema',
    reason: /type|date/,
  },
  {
    title: 'a paragraph outside of rich text',
    file: PERSON,
    from: '</richtext>',
    to: "</richtext><par def='title'/>",
    element: 'form Presence',
    rule: 'schema',
    reason: /par\b/,
  },
  {
    title: 'a trigger that does not exist',
    file: 'Code/Agents/SweepStale.lsa',
    from: "<trigger type='scheduled'>",
    to: "<trigger type='timer'>",
    element: 'agent SweepStale',
    rule: 'schema',
    reason: /trigger|timer/,
  },
  {
    title: 'a level of access that does not exist',
    file: 'AppProperties/database.properties',
    from: "level='noaccess'",
    to: "level='none'",
    element: 'acl',
    rule: 'schema',
    reason: /level|none/,
  },
];
