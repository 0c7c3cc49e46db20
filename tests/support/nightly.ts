/** Whether the long sizes run: `COMITY_NIGHTLY=1`. */
export const isNightly = Boolean(process.env['COMITY_NIGHTLY']);
/** How long the load with faults takes: two hours by night unless told, some seconds on each change. */
export const soakMinutes = Number(process['env']['COMITY_SOAK_MINUTES'] ?? (isNightly ? 120 : 0.1));
