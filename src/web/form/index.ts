export { readDate, type DateReading } from './dates.ts';
export { FormFields, typedFrom, type FormFieldsProps } from './fields.tsx';
export { readNumber, type NumberReading } from './numbers.ts';
export { readForm, typedIn, type FormWords, type ReadOptions } from './read.ts';
export { changesRows, readRows, Rows, rowsShown, tidyRows, type RowsProps } from './rows.tsx';
export * from './spec.ts';
