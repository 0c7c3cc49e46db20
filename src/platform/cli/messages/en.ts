export const en = {
  'cli.argument-needed': 'Name {argument} after the command.',
  'cli.option-needed': 'Give {option} with a value.',
  'cli.no-node': 'This needs the database of a node. Start one with: comity start',
} as const;
