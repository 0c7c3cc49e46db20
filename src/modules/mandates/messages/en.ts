export const en = {
  'mandates.too-large': 'The text is too large to be read as one resolution',
  'mandates.unreadable': 'No text could be read: {why}',
};
