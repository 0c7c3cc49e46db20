export const tourEn = {
  'tour.title': 'A tour of both sides',
  'tour.lede':
    'One request from the first fact to the answer, from the desks of both States. Each step says who acts, and at whose node. A button signs you in as that person at the place where the step is done; the line above every page leads back here.',
  'tour.invented': 'States, people and documents here are made up',
  'tour.invented-why':
    'Each node has its own database and its own keys, made when the demo first started. Nothing leaves this machine.',
  'tour.half-way': 'Begin half-way',
  'tour.half-way-lede':
    'When the demo started, Alba sent the request of the case file “Accounts of Kestrel Bank” over the border. Borea registered it, acknowledged it, assessed it and asked a question.',
  'tour.from-start': 'From the first fact',
  'tour.from-start-lede':
    'The same way from its beginning, with a request that is still to be reviewed, signed and sent.',
  'tour.behind': 'Behind it',
  'tour.behind-lede': 'What the law is, who may ask whom, who looked at what, and how the nodes stand with each other.',
  'tour.column-step': 'Step',
  'tour.column-where': 'At the node of',
  'tour.column-what': 'What happens',
  'tour.column-who': 'Go on as',
  'tour.column-name': 'Name',
  'tour.column-roles': 'Roles',
  'tour.sign-in-as': 'Sign in as {name}',
  'tour.go-to': 'Go to {name}',
  'tour.people': 'Everybody at the node of {name}',
  'tour.nodes': 'The nodes of this demo',
  'tour.you-are-here': 'you are here',
  'tour.secretariat': 'Secretariat',
  'tour.link': 'Take the tour of both sides',
  'tour.link-hint': 'Write, sign and send a request as Alba, then receive, execute and answer it as Borea.',
  'tour.write':
    'Finish the request of the case file “Accounts of Alba Trading”; or leave it, and go on with the complete one in “Falsified medicines”.',
  'tour.review': 'Read the complete request as a second person and pass it on.',
  'tour.clear': 'Clear it for the central authority: the basis, the addressee, what leaves the State.',
  'tour.sign': 'Sign it: type XB, for Borea. The signature covers exactly the text you are shown.',
  'tour.send': 'Send it to Borea through the node. It is sealed for Borea’s central authority alone.',
  'tour.register': 'Find it on the desk with its signature checked, register it and acknowledge it.',
  'tour.ask': 'Ask Alba a question that is bound to one field of the request.',
  'tour.answer':
    'Open the request whose status is “Information asked” and answer the question. Both sides see the same thread.',
  'tour.forward':
    'See the answer under Messages and settle the question. Then forward the request to the Attorney General, so that Vera and Tomás may work on it.',
  'tour.execute': 'Accept the execution, add the bank records and report what was done, item by item.',
  'tour.check': 'Check the results as a second person before they leave Borea.',
  'tour.sign-answer':
    'Send the results to Alba, signed by Borea’s central authority. You are asked to type where they go: XA.',
  'tour.confirm': 'Compare what arrived with what was promised, confirm it and take the proof pack.',
  'tour.oversight': 'Read who did and saw what, and verify that the log is whole.',
  'tour.operate': 'See the peers, the queue and the keys of the node. No request can be read from there.',
  'tour.treaties': 'See the set of treaty data that the secretariat signed and published when the demo started.',
  'tour.taken': 'See the same set at Alba, taken from the secretariat’s feed by its signature alone.',
};
