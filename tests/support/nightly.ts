/** Whether the long sizes run: `COMITY_NIGHTLY=1`. */
export const isNightly = Boolean(process.env['COMITY_NIGHTLY']);
