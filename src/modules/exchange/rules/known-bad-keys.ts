/** Keys whose private halves are printed in `protocol/vectors`: refused at enrolment and in every message. */
export const printedKeys: ReadonlySet<string> = new Set([
  '1lLelTmt96RqQjMsqhzc9kE4VSWIxsE9DWehHh-L2YA',
  'ClOC4pUoX3c7hkcup1qFLd1XPyMUs_hF5Nir9HmSucs',
  'HBRYdiTTtnQU6vdME5DptSQ1WHBmfOhGYjA7wu7ZuGE',
  'X_4-HWu3MxN_2hUlhbMgvJoP4sSDRApn8ZJB8khlpDo',
  '_TibqVVNMSx4cgkQN0Ex8DF_brBCX3CFYMxA1vmLrOw',
  'b5dErPFhhlrvMwNs97UElfn4_CduT3r9AqllTMHqIRw',
  'r62xrMq8RV6-6hSUb2ld2q6BjB_r2x7Zxm0DjCQC7H0',
  'tKBuOScDdMsyYEhlcgxoVEVmf-YOQTFbNoGdbFgBFms',
  'tNEKX3IQs9CooN_Yyjn4fra_NBw70Hr_-2MlKFoSbiE',
  'yEdGJaN_gDeQMkzW7SCEpMAsw67ZgdDV0ZKxe9GS-8s',
]);
