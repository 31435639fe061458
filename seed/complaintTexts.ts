/**
 * What customers of the demo shop write, by what they want. `{product}`, `{order}`, `{shipment}`, `{days}`, `{amount}` and
 * `{name}` are filled in; a sentence that names a thing is used only where it is known.
 */
export const complaintTexts = {
  broken: [
    'The {product} came out of the box in pieces, the parcel had clearly been dropped.',
    'My {product} has a crack right across it. I have not even used it once.',
    'I unpacked the {product} today and one side is badly dented, so I cannot give it as a present any more.',
    'The {product} stopped working after {days} days. I expected more at this price.',
    'There is a deep scratch on the {product} and it looks as if somebody had used it before me.',
    'A part of the {product} is missing, so I cannot put it together.',
    'You sent me a {product} that smells of chemicals even after washing it three times. I want to complain.',
    'The lid of the {product} does not close. That is a poor piece of work and I am disappointed.',
    'I am not happy at all with the {product}: the seam has come open after {days} days.',
    'This is the second {product} in a row that arrives damaged. What is going on in your warehouse?',
  ],
  pan: [
    'The coating of my frying pan is coming off in flakes after {days} days, and I find them in the food!',
    'The non-stick layer of the 24 cm pan has bubbles. We only ever used a wooden spoon.',
    'Eggs stick to this pan as if it had no coating at all. I have cooked with it for {days} days.',
    'Black bits of the frying pan end up in my omelette. That cannot be healthy, I want to make a complaint.',
    'The frying pan I bought peels at the rim. A neighbour ordered the same one and hers does it as well.',
    'The bottom of the new pan warped the first time it got hot, and now the coating peels where it bulges.',
    'I have had your 24 cm frying pan for years and loved it, but the one that came now loses its coating.',
    'The pan is useless: the surface is scratched and flaking after {days} days. Very disappointing quality.',
    'My complaint is about the frying pan. The coating blistered when I heated it on the lowest setting.',
    'Your frying pan sheds its coating. I am angry, since I have small children who eat from it.',
  ],
  refund: [
    'I would like my money back for the {product}, please. It is not what I had in mind.',
    'Please refund order {order}. I sent the {product} back and have the receipt of the post office.',
    'I returned the {product} last week and want a refund of {amount} euros to my card.',
    'How do I get a refund? The {product} does not fit and I have no use for it.',
    'I want to be refunded for the {product}. Nobody answered my last two messages.',
    'Give me my money back, the {product} is nothing like the picture on your site.',
    'Could you please refund the {product}? I ordered it twice by mistake.',
  ],
  late: [
    'Where is my order {order}? It was meant to be here {days} days ago.',
    'I am still waiting for my {product}. The tracking page has said the same thing for {days} days.',
    'Could you tell me where parcel {shipment} is? Nothing has moved since it left your warehouse.',
    'My {product} has not arrived and the birthday it was for is over. This is unacceptable.',
    'I need to know the status of order {order}, it has been {days} days now.',
    'The driver says that parcel {shipment} was delivered, but nobody rang and there is nothing at the door.',
    'When will the {product} be delivered? I took a day off to be at home and nobody came.',
    'Still no parcel. I ordered the {product} {days} days ago and was promised two days.',
  ],
  cancel: [
    'Please cancel order {order}, I found that we have a {product} already.',
    'I need to cancel my order for the {product} before you send it.',
    'Is it possible to cancel order {order}? I ordered too quickly.',
    'I no longer want the {product}. Please call the order off and confirm by mail.',
  ],
  change: [
    'I would like to change order {order}: please make it two of the {product}.',
    'Can I still swap the {product} in my order for another colour?',
    'I gave the wrong house number. Could you please change the delivery address of order {order}?',
    'We are moving next week, so please send the {product} to our new address.',
  ],
  invoice: [
    'I cannot find the invoice for order {order}. Please send me a copy.',
    'Could I get an invoice with my company on it for the {product}?',
    'I need the invoice of my last order for my tax return.',
  ],
  payment: [
    'My card was charged twice for the {product}. Please look into the payment.',
    'The payment for order {order} failed, but the {amount} euros are gone from my account.',
    'Which ways of paying do you accept? The site only shows me cards.',
    'I have a problem with paying, the page hangs after I enter my code.',
  ],
  account: [
    'I forgot my password and the mail to reset it never arrives.',
    'How can I delete my account with you?',
    'I want to change the e-mail address of my account.',
    'I tried to register twice and get an error each time.',
    'Please take me off your newsletter, I get three mails a week.',
  ],
  question: [
    'Does the {product} come with a spare part, and is it safe for the dishwasher?',
    'How heavy is the {product}? I could not find it on the page.',
    'Will the {product} be back in other colours before Christmas?',
    'Do you have a shop where I can look at the {product}?',
    'What are your delivery options for a {product} to an island?',
  ],
  praise: [
    'Just wanted to say that the {product} is lovely and came a day early. Thank you!',
    'Great service, the new {product} arrived within two days. I am very happy with it.',
    'I left you a good review for the {product}. Keep it up.',
  ],
  person: [
    'I have explained this three times to your chat robot. I want to talk to a human being, please.',
    'Please call me back, I would rather speak to somebody from customer service.',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a text is about. */
export type ComplaintTopic = keyof typeof complaintTexts;

/** What a text may begin with; mostly nothing. */
export const openings: readonly string[] = [
  '',
  '',
  '',
  'Hello,',
  'Hi there,',
  'Good morning,',
  'Dear team,',
  'To whom it may concern,',
  'hi',
  'Hey,',
];
/** What may follow, of complaints only. */
export const moods: readonly string[] = [
  '',
  '',
  'I have been a customer for years and this is the first time that I write.',
  'Please get back to me soon.',
  'I can send you more details if that helps.',
  'Honestly, I expected better from you.',
  'This really annoys me.',
  'I hope we can sort this out.',
];
/** What a text may end with. */
export const closings: readonly string[] = [
  '',
  '',
  '',
  'Thanks.',
  'Thank you, {name}',
  'Kind regards, {name}',
  'Best, {name}',
  'You can reach me at {mail}.',
  'My number is {phone}.',
];
/** First names that customers sign with. */
export const names = [
  'Anna',
  'Bram',
  'Carla',
  'Dieter',
  'Elise',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
] as const;
