export const en = {
  'mandates.too-large': 'The text is too large to be read as one resolution',
  'mandates.unreadable':
    'No text could be read: {why, select, empty {the file is empty} binary {it is no text} encrypted {the file is encrypted} no-text-layer {the pages are pictures, there is no text layer} broken {the file is broken} slow {it takes too long to read} other {its format is not known here}}',
  'mandates.not-a-resolution': 'This is no resolution: there is no line of a body and there are no two operative verbs',
  'mandates.no-preamble': 'No preambular paragraph was found',
  'mandates.no-operative': 'No operative paragraph was found',
  'mandates.no-body': 'The line of the body that speaks was not found',
  'mandates.footnote-without-text': 'The text marks note {marker}, which is not there',
  'mandates.footnote-without-mark': 'No mark in the text leads to note {marker}',
  'mandates.unknown-verb': 'The verb is not known: “{text}”',
  'mandates.number-out-of-order': 'The number is lower than the one before it',
  'mandates.number-twice': 'The number stands twice',
  'mandates.number-missing': 'A number is missing before this one',
  'mandates.unknown-language': 'The language could not be told for certain',
};
