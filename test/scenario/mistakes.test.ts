import { ScenarioError } from '../../src/scenario/problem.js';
import { readScenario } from '../../src/scenario/read.js';
import t, { type Test } from '../tap.js';

/** Compares what is said of files with what should be, each in full, as `line:column message`. */
function told(t: Test, cases: Record<string, { file: string[]; says: string[] }>) {
  for (const [what, { file, says }] of Object.entries(cases)) {
    let found: string[] = [];
    try {
      readScenario(file.map((line) => `${line}\n`).join(''), 'a.yaml');
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      found = error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    }
    t.strictSame(found, says, what);
  }
}

t.test('a key at the wrong place is told where it belongs', async (t) => {
  told(t, {
    'a body beside its operation': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    body:', '      intent: buy'],
      says: ['4:5 unknown key "body" here; it belongs into createSession, so indent it further'],
    },
    'a path beside its operation': {
      file: ['title: Boots', 'steps:', '  - readSession:', '    path: { session_id: a }'],
      says: ['4:5 unknown key "path" here; it belongs into readSession, so indent it further'],
    },
    "a body that is not under its operation's key, with parameters": {
      file: [
        'title: Boots',
        'steps:',
        '  - createOrder: { path: { authorizationToken: a } }',
        '    body: { order_amount: 1 }',
      ],
      says: ['4:5 unknown key "body" here; it belongs into createOrder, so indent it further'],
    },
    'fields of a body right under the operation': {
      file: ['title: Boots', 'steps:', '  - createSession:', '      intent: buy', '      order_amount: 100'],
      says: [
        '4:7 unknown key "intent" here; it belongs into "body"',
        '5:7 unknown key "order_amount" here; it belongs into "body"',
      ],
    },
    'fields of a body beside body': {
      file: ['title: Boots', 'steps:', '  - createSession:', '      body:', '      intent: buy'],
      says: ['5:7 unknown key "intent" here; it belongs into "body"'],
    },
    'fields of a body beside the operation': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: {} }', '    order_amount: 100'],
      says: ['4:5 unknown key "order_amount" here; it belongs into the body of createSession'],
    },
    'a parameter right under the operation': {
      file: ['title: Boots', 'steps:', '  - readSession: { session_id: a }'],
      says: ['3:20 unknown key "session_id" here; it belongs into "path"'],
    },
    'a header right under the operation': {
      file: [
        'title: Boots',
        'steps:',
        '  - createCustomerTokenOrder: { path: { customerToken: a }, Klarna-Idempotency-Key: a }',
      ],
      says: ['3:61 unknown key "Klarna-Idempotency-Key" here; it belongs into "headers"'],
    },
    'a parameter beside the operation': {
      file: ['title: Boots', 'steps:', '  - readSession:', '    session_id: a'],
      says: [
        '3:17 "readSession" must be a mapping, not empty; such as readSession: { path: { session_id: "${session_id}" } }',
        '4:5 unknown key "session_id" here; it belongs into the path of readSession',
      ],
    },
    'expect inside of the operation': {
      file: ['title: Boots', 'steps:', '  - createSession:', '      body: {}', '      expect: { status: 200 }'],
      says: ['5:7 unknown key "expect" here; it stands beside createSession, so indent it less'],
    },
    'keep inside of expect': {
      file: [
        'title: Boots',
        'steps:',
        '  - readClock:',
        '    expect:',
        '      status: 200',
        '      keep: { a: $.body.now }',
      ],
      says: ['6:7 unknown key "keep" here; it stands beside "expect", so indent it less'],
    },
    'a field of the answer right under expect': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    expect: { session_id: $uuid }'],
      says: ['4:15 unknown key "session_id" here; what is expected of the body stands in "body"'],
    },
    'a status beside the operation': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    status: 200'],
      says: ['4:5 unknown key "status" here; it belongs into "expect"'],
    },
    'a status inside of the operation': {
      file: ['title: Boots', 'steps:', '  - createSession: { status: 200 }'],
      says: ['3:22 unknown key "status" here; it belongs into "expect", which stands beside createSession'],
    },
    "the shopper's choice beside shopper": {
      file: ['title: Boots', 'steps:', '  - shopper: authorize', '    session: a', '    payment_option: pay_later'],
      says: ['5:5 unknown key "payment_option" here; it belongs into "with"'],
    },
    'what belongs to the top in a step': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    market: SE'],
      says: ['4:5 unknown key "market" here; it stands at the top of the file'],
    },
    'what belongs to the top in shopper': {
      file: ['title: Boots', 'shopper:', '  result: denied', '  market: SE'],
      says: ['4:3 unknown key "market" here; it stands at the top of the file'],
    },
    'a step at the top': {
      file: ['title: Boots', 'createSession: { body: {} }', 'steps: []'],
      says: ['2:1 unknown key "createSession" here; it belongs into a step, which begins with a dash under "steps"'],
    },
    'expect at the top': {
      file: ['title: Boots', 'steps:', '  - readClock:', 'expect: { status: 200 }'],
      says: ['4:1 unknown key "expect" here; it belongs into a step, which begins with a dash under "steps"'],
    },
    'an outcome at the top': {
      file: ['title: Boots', 'on: createOrder', 'error: REJECTED', 'outcomes: []'],
      says: [
        '2:1 unknown key "on" here; it belongs into an outcome, which begins with a dash under "outcomes"',
        '3:1 unknown key "error" here; it belongs into an outcome, which begins with a dash under "outcomes"',
      ],
    },
    "the shopper's choice at the top": {
      file: ['title: Boots', 'payment_option: pay_later', 'steps: []'],
      says: ['2:1 unknown key "payment_option" here; it belongs into "shopper"'],
    },
    'a fault right under the outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: createSession, timeout: true }'],
      says: ['3:26 unknown key "timeout" here; it belongs into "fault"'],
    },
    'a status right under the outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: createSession, status: 503 }'],
      says: ['3:26 unknown key "status" here; it belongs into "fault"'],
    },
    'a fraud status right under the outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, status: PENDING, then: ACCEPTED, after: PT5M }'],
      says: [
        '3:24 unknown key "status" here; it belongs into "fraud"',
        '3:41 unknown key "then" here; it belongs into "fraud"',
        '3:57 unknown key "after" here; it belongs into "fraud"',
      ],
    },
    'a condition right under the outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, order_amount: 100, error: REJECTED }'],
      says: ['3:24 unknown key "order_amount" here; it belongs into "when"'],
    },
    'a delivery right under the callback': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, twice: true }'],
      says: ['3:17 unknown key "twice" here; it belongs into "delivery"'],
    },
    'an unknown key of a rule for callbacks': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: { drop: true }, evrything: 1 }'],
      says: ['3:43 unknown key "evrything"'],
    },
    'a payment method inside of the operation': {
      file: [
        'title: Boots',
        'steps:',
        '  - createOrder: { path: { authorizationToken: a }, payment_method: { type: card } }',
      ],
      says: ['3:53 unknown key "payment_method" here; it belongs into "expect", which stands beside createOrder'],
    },
    'a query right under the operation': {
      file: ['title: Boots', 'steps:', '  - readScenarioText: { name: a }'],
      says: ['3:25 unknown key "name" here; it belongs into "query"'],
    },
    'an unknown key in a shopper': {
      file: ['title: Boots', 'shopper: { colour: red }'],
      says: ['2:12 unknown key "colour"'],
    },
    'an unknown key of expect that is near another': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { paymnt_method: x }'],
      says: ['4:15 unknown key "paymnt_method" (did you mean "payment_method"?)'],
    },
    'an escape that there is not': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { body: { now: { $match: "\\d+" } } }'],
      says: ['4:39 a \\ in double quotes is written \\\\; in single quotes it stands as it is'],
    },
  });
});

t.test('indentation, spaces that are none, and colons in texts', async (t) => {
  told(t, {
    'a line that is indented oddly': {
      file: [
        'title: Boots',
        'steps:',
        '  - createSession:',
        '      body:',
        '        intent: buy',
        '       order_amount: 1',
      ],
      says: ['6:1 the keys of one mapping stand in one column: order_amount: 1'],
    },
    'a line that is indented too far': {
      file: ['title: Boots', '  market: SE', 'steps: []'],
      says: ['1:8 the line below is indented as if it belonged to this text: market: SE'],
    },
    'a line that is indented too little': {
      file: ['title: Boots', 'steps:', '  - createSession:', '   body: {}'],
      says: ['3:19 the line below stands in no column of those above: body: {}'],
    },
    "an operation at the dash's column": {
      file: ['title: Boots', 'steps:', '  - title: Boots', '  createSession: {}'],
      says: ['4:1 a dash is missing before this, or it stands further right: createSession: {}'],
    },
    'non-breaking spaces in the indentation': {
      file: ['title: Boots', 'steps:', '  - createSession:', '\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0body: {}'],
      says: ['4:1 U+00A0 stands here, which looks like a space and is none to YAML; write a plain one'],
    },
    'a non-breaking space behind a colon': {
      file: ['title:\u00a0Boots', 'steps: []'],
      says: ['1:7 U+00A0 stands here, which looks like a space and is none to YAML; write a plain one'],
    },
    'a non-breaking space behind a dash': {
      file: ['title: Boots', 'steps:', '  -\u00a0readClock:'],
      says: ['3:4 U+00A0 stands here, which looks like a space and is none to YAML; write a plain one'],
    },
    'a space without width before a key': {
      file: ['title: Boots', '\u200bsteps: []'],
      says: ['2:1 U+200B stands here, which looks like a space and is none to YAML; write a plain one'],
    },
    'an unquoted colon': {
      file: ['title: Boots: paid later', 'steps: []'],
      says: ['1:8 a text with a colon and a space in it needs quotes: title: "Boots: paid later"'],
    },
    'an unquoted colon in a step': {
      file: ['title: Boots', 'steps:', '  - title: Boots: paid later', '    readClock:'],
      says: ['3:12 a text with a colon and a space in it needs quotes: title: "Boots: paid later"'],
    },
    'an unquoted colon in a mapping in braces': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: { name: Boots: red } }'],
      says: [
        '3:36 a comma is missing, or a text with a colon in it needs quotes: - createSession: { body: { name: Boots: red } }',
      ],
    },
  });
});

t.test('a status, an error or an operation that there is not', async (t) => {
  told(t, {
    'a status in quotes': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: "200" }'],
      says: ['4:23 "status" is a number: write 200 without the quotes, not "200"'],
    },
    'a status in words': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: ok }'],
      says: ['4:23 "status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not "ok"'],
    },
    'a status of 2xx': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: 2xx }'],
      says: ['4:23 "status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not "2xx"'],
    },
    'several statuses': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: [200, 201] }'],
      says: ['4:23 "status" is one number, or { $oneOf: [200, 201] }'],
    },
    'a status in quotes among several': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: { $oneOf: [200, "201"] } }'],
      says: ['4:39 "status" is a number: write 201 without the quotes, not "201"'],
    },
    'a status as a mapping': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: { code: 200 } }'],
      says: ['4:23 "status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not {"code":200}'],
    },
    'a status of nothing': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: }'],
      says: ['4:23 "status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not null'],
    },
    'a status there is not': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: 2000 }'],
      says: ['4:23 "status" is a number such as 200, or a matcher such as { $oneOf: [200, 201] }, not 2000'],
    },
    'an unknown error': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, error: REFUSED }'],
      says: [
        '3:31 createOrder cannot answer the error "REFUSED"; it can answer BAD_REQUEST, BAD_VALUE, UNAUTHORIZED, MERCHANT_INACTIVE, PERMISSION_DENIED, NOT_FOUND, METHOD_NOT_ALLOWED, REQUEST_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE, SESSION_COMPLETED, INVALID_AUTHORIZATION, INVALID_OPERATION, REJECTED, NOT_MATCHING, ORDER_WITH_OTHER_BODY',
      ],
    },
    'a misspelt error': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, error: REJCTED }'],
      says: [
        '3:31 createOrder cannot answer the error "REJCTED" (did you mean "REJECTED"?); it can answer BAD_REQUEST, BAD_VALUE, UNAUTHORIZED, MERCHANT_INACTIVE, PERMISSION_DENIED, NOT_FOUND, METHOD_NOT_ALLOWED, REQUEST_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE, SESSION_COMPLETED, INVALID_AUTHORIZATION, INVALID_OPERATION, REJECTED, NOT_MATCHING, ORDER_WITH_OTHER_BODY',
      ],
    },
    'an error of another operation': {
      file: ['title: Boots', 'outcomes:', '  - { on: createSession, error: PAYMENT_METHOD_FAILED }'],
      says: [
        '3:33 createSession cannot answer the error "PAYMENT_METHOD_FAILED", which createCustomerTokenOrder, captureOrder can; it can answer BAD_REQUEST, BAD_VALUE, UNAUTHORIZED, MERCHANT_INACTIVE, PERMISSION_DENIED, NOT_FOUND, METHOD_NOT_ALLOWED, REQUEST_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, TOO_MANY_REQUESTS, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE',
      ],
    },
    'an error by its status': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, error: 403 }'],
      says: ['3:31 "error" must be text, not 403; such as error: REJECTED'],
    },
    'an unknown operation of an outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: chargeToken, error: PAYMENT_METHOD_FAILED }'],
      says: [
        '3:11 "on" is no operation: "chargeToken" (did you mean "createCustomerTokenOrder", Charge a customer token?)',
      ],
    },
    'an operation of the control API in an outcome': {
      file: ['title: Boots', 'outcomes:', '  - { on: authorizeSession, error: REJECTED }'],
      says: ['3:11 "on" is one of Klarna\'s operations, and authorizeSession is one of the control API'],
    },
    'an operation that nothing is like': {
      file: ['title: Boots', 'outcomes:', '  - { on: shoes, error: REJECTED }'],
      says: [
        '3:11 "on" is no operation: "shoes"; there are readCustomerToken, updateCustomerTokenStatus, createCustomerTokenOrder, createHostedSession, readHostedSession, disableHostedSession, distributeHostedSession, readOrder, acknowledgeOrder, updateAuthorization, extendAuthorizationTime, releaseRemainingAuthorization, cancelOrder, updateMerchantReferences, updateCustomerDetails, addOrderShippingInfo, listCaptures, captureOrder, readCapture, addCaptureShippingInfo, triggerSendOut, extendDueDate, readExtendDueDateOptions, refundOrder, readRefund, createSession, readSession, updateSession, cancelAuthorization, createCustomerToken, createOrder',
      ],
    },
    'an unknown operation of a step': {
      file: ['title: Boots', 'steps:', '  - chargeToken: {}'],
      says: ['3:5 unknown key "chargeToken" (did you mean "createCustomerTokenOrder", Charge a customer token?)'],
    },
    'an operation in other words': {
      file: [
        'title: Boots',
        'steps:',
        '  - placeOrder: {}',
        '  - openSession: {}',
        '  - getOrder: {}',
        '  - refund: {}',
        '  - capture: {}',
      ],
      says: [
        '3:5 unknown key "placeOrder" (did you mean "createOrder", Place the order?)',
        '4:5 unknown key "openSession" (did you mean "createSession", Open a session?)',
        '5:5 unknown key "getOrder" (did you mean "readOrder", Read an order?)',
        '6:5 unknown key "refund" (did you mean "refundOrder", Give money back?)',
        '7:5 unknown key "capture" (did you mean "captureOrder", Capture an amount?)',
      ],
    },
    'what the shopper does as an operation': {
      file: ['title: Boots', 'steps:', '  - authorize: ${session}'],
      says: [
        '3:5 unknown key "authorize" (did you mean shopper: authorize?)',
        '3:16 no step before this one keeps "session"',
      ],
    },
  });
});

t.test('paths into answers, and times', async (t) => {
  told(t, {
    'a path without its beginning': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: { session: body.session_id }'],
      says: [
        '4:22 "body.session_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.session_id"?)',
      ],
    },
    'a path of a field alone': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: { session: session_id }'],
      says: [
        '4:22 "session_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.session_id"?)',
      ],
    },
    'a path without body': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: { session: $.session_id }'],
      says: [
        '4:22 "$.session_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.session_id"?)',
      ],
    },
    'a path under another name': {
      file: [
        'title: Boots',
        'steps:',
        '  - createSession:',
        '    keep: { session: response.body.session_id, order: res.body.order_id }',
      ],
      says: [
        '4:22 "response.body.session_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.session_id"?)',
        '4:55 "res.body.order_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.order_id"?)',
      ],
    },
    'a path without a dot': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: { session: $body.session_id }'],
      says: [
        '4:22 "$body.session_id" is no path into the answer, such as $.body.session_id (did you mean "$.body.session_id"?)',
      ],
    },
    'keep with a path alone': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: body.session_id'],
      says: [
        '4:11 "keep" must be a mapping, not the text "body.session_id"; such as keep: { session: $.body.session_id }',
      ],
    },
    'keep as a list': {
      file: ['title: Boots', 'steps:', '  - createSession:', '    keep: [session]'],
      says: ['4:11 "keep" must be a mapping, not a list; such as keep: { session: $.body.session_id }'],
    },
    'a duration in words': {
      file: [
        'title: Boots',
        'steps:',
        '  - advance: 1 month',
        '  - advance: 2 days',
        '  - advance: 90s',
        '  - advance: 5 min',
        '  - advance: 3 hours',
        '  - advance: 1 Year',
      ],
      says: [
        '3:14 "1 month" is no ISO 8601 duration such as PT61M or P1M (did you mean P1M?)',
        '4:14 "2 days" is no ISO 8601 duration such as PT61M or P1M (did you mean P2D?)',
        '5:14 "90s" is no ISO 8601 duration such as PT61M or P1M (did you mean PT90S?)',
        '6:14 "5 min" is no ISO 8601 duration such as PT61M or P1M (did you mean PT5M?)',
        '7:14 "3 hours" is no ISO 8601 duration such as PT61M or P1M (did you mean PT3H?)',
        '8:14 "1 Year" is no ISO 8601 duration such as PT61M or P1M (did you mean P1Y?)',
      ],
    },
    'a duration as a number': {
      file: ['title: Boots', 'steps:', '  - advance: 30'],
      says: ['3:14 "advance" must be text, not 30; such as advance: P1M'],
    },
    'a duration of minutes without T': {
      file: ['title: Boots', 'steps:', '  - advance: P5M30S'],
      says: ['3:14 "P5M30S" is no ISO 8601 duration such as PT61M or P1M (did you mean PT5M30S?)'],
    },
    'a delay in words': {
      file: ['title: Boots', 'outcomes:', '  - { on: createSession, fault: { delay: 2s } }'],
      says: [
        '3:42 "delay" is minutes and seconds of wall time, such as PT2S, PT0.5S or PT1M, not "2s" (did you mean PT2S?)',
      ],
    },
    'an end of the fraud check in words': {
      file: [
        'title: Boots',
        'outcomes:',
        '  - { on: createOrder, fraud: { status: PENDING, then: ACCEPTED, after: 5 minutes } }',
      ],
      says: ['3:73 "5 minutes" is no ISO 8601 duration such as PT61M or P1M (did you mean PT5M?)'],
    },
  });
});

t.test('what other versions of YAML allow, and what begins with a sign of YAML', async (t) => {
  told(t, {
    'a tab in the indentation': {
      file: ['title: Boots', 'steps:', '\t- readClock:'],
      says: ['3:1 a tab stands here, and YAML indents by spaces only'],
    },
    'a tab behind spaces': {
      file: ['title: Boots', 'steps:', '  - createSession:', '  \tbody: {}'],
      says: ['4:3 a tab stands here, and YAML indents by spaces only'],
    },
    'a tab before a value': {
      file: ['title:\tBoots', 'steps: {}'],
      says: ['2:8 "steps" must be a list, not a mapping; begin each of its items with a dash and a space'],
    },
    'on as YAML 1.1 has it': {
      file: ['%YAML 1.1', '---', 'title: Boots', 'outcomes:', '  - { on: createOder, error: REJECTED }'],
      says: ['5:11 "on" is no operation: "createOder" (did you mean "createOrder", Place the order?)'],
    },
    'on as YAML 1.1 has it, all right': {
      file: ['%YAML 1.1', '---', 'title: Boots', 'outcomes:', '  - { on: createOrder, error: REJECTED }'],
      says: [],
    },
    'yes as a truth value': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: { twice: yes } }'],
      says: ['3:36 "twice" is true or left out, not "yes"; write true'],
    },
    'no as a truth value': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: { twice: no, drop: false } }'],
      says: [
        '3:36 "twice" is true or left out, not "no"',
        '3:40 a callback that is dropped has nothing beside "drop"',
        '3:46 "drop" is true or left out, not false',
      ],
    },
    'true in quotes': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: { drop: "true" } }'],
      says: ['3:35 "drop" is true or left out, not "true"; write true'],
    },
    'yes where true or false may stand': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, fault: { commit: yes, reset: true } }'],
      says: ['3:41 "commit" must be true or false, not the text "yes"; write true'],
    },
    'a key twice': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: { status: 200 }', '    expect: { body: {} }'],
      says: ['5:5 the key "expect" stands here twice, first in line 4'],
    },
    'a key twice at the top': {
      file: ['title: Boots', 'market: SE', 'market: DE', 'steps: []'],
      says: ['3:1 the key "market" stands here twice, first in line 2'],
    },
    'an alias without its anchor': {
      file: ['title: Boots', 'steps:', '  - createSession: &boots { body: {} }', '  - createSession: *bots'],
      says: ['4:20 no anchor &bots stands before this alias (did you mean "boots"?)'],
    },
    'an alias that nothing is like': {
      file: ['title: Boots', 'steps:', '  - createSession: *call'],
      says: ['3:20 no anchor &call stands before this alias'],
    },
    'a text that begins with a star': {
      file: ['title: *Boots* for sale', 'steps: []'],
      says: ['1:16 a text that begins with * needs quotes'],
    },
    'a text that begins with an ampersand': {
      file: ['title: & more', 'steps: []'],
      says: ['1:8 a text that begins with * or & needs quotes'],
    },
    'a text that begins with an exclamation mark': {
      file: ['title: !Boots', 'steps: []'],
      says: ['1:8 a text that begins with ! needs quotes'],
    },
    'a text that begins with an at sign': {
      file: ['title: @boots', 'steps: []'],
      says: ['1:8 a text that begins with @ needs quotes'],
    },
    'a text that begins with a percent sign': {
      file: ['title: %off', 'steps: []'],
      says: ['1:8 a text that begins with % needs quotes'],
    },
    'a text that begins with a backtick': {
      file: ['title: `Boots`', 'steps: []'],
      says: ['1:8 a text that begins with ` needs quotes'],
    },
    'a number with a leading zero': {
      file: [
        'title: Boots',
        'steps:',
        '  - createSession: { body: { billing_address: { postal_code: 01234, phone: 0701234567 } } }',
      ],
      says: ['3:62 01234 is read as 1234; write "01234"', '3:76 0701234567 is read as 701234567; write "0701234567"'],
    },
  });
});

t.test('dates, dashes', async (t) => {
  told(t, {
    'a date for an instant': {
      file: ['title: Boots', 'clock: 2026-03-01', 'steps: []'],
      says: ['2:8 "2026-03-01" is no instant such as 2026-03-01T09:00:00Z (did you mean 2026-03-01T00:00:00Z?)'],
    },
    'a date and a time': {
      file: ['title: Boots', 'clock: 2026-03-01 09:30', 'steps: []'],
      says: ['2:8 "2026-03-01 09:30" is no instant such as 2026-03-01T09:00:00Z (did you mean 2026-03-01T09:30:00Z?)'],
    },
    'an instant without a zone': {
      file: ['title: Boots', 'clock: 2026-03-01T09:30:00', 'steps: []'],
      says: [
        '2:8 "2026-03-01T09:30:00" is no instant such as 2026-03-01T09:00:00Z (did you mean 2026-03-01T09:30:00Z?)',
      ],
    },
    'a clock in words': {
      file: ['title: Boots', 'clock: tomorrow', 'steps: []'],
      says: ['2:8 "tomorrow" is no instant such as 2026-03-01T09:00:00Z'],
    },
    'a missing dash': {
      file: ['title: Boots', 'steps:', '    readClock:', '    expect: { status: 200 }'],
      says: ['3:5 "steps" must be a list, not a mapping; begin each of its items with a dash and a space'],
    },
    'a missing dash at the second step': {
      file: [
        'title: Boots',
        'steps:',
        '  - readClock:',
        '    expect: { status: 200 }',
        '  readClock:',
        '    expect: { status: 200 }',
      ],
      says: ['5:1 a dash is missing before this, or it stands further right: readClock:'],
    },
    'a missing dash, further in': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    readHealth:'],
      says: ['3:5 a step is one request, not several: readClock, readHealth; begin each with a dash'],
    },
    'a dash without a space': {
      file: ['title: Boots', 'steps:', '  -readClock:', '  -readHealth:'],
      says: ['3:3 "steps" must be a list, not a mapping; begin each of its items with a dash and a space'],
    },
    'a dash too many': {
      file: ['title: Boots', 'shopper:', '  - result: denied'],
      says: ['3:3 "shopper" must be a mapping, not a list; such as shopper: { result: denied }'],
    },
    'a list where one step is not indented like the others': {
      file: ['title: Boots', 'steps:', '  - readClock:', ' - readHealth:'],
      says: ['3:15 the line below stands in no column of those above: - readHealth:'],
    },
  });
});

t.test('quotes, and names written otherwise', async (t) => {
  told(t, {
    'typographic quotes around a value': {
      file: ['title: “Boots”', 'market: “SE”', 'steps: []'],
      says: [
        '2:9 "market" is one of AU, AT, BE, CA, CZ, DK, FI, FR, DE, GR, HU, IE, IT, MX, NL, NZ, NO, PL, PT, RO, SK, ES, SE, CH, GB, US, not "“SE”" (did you mean "SE"?); “ is no quote to YAML, write "',
      ],
    },
    'typographic quotes around a key': {
      file: ['“title”: Boots', 'steps: []'],
      says: ['1:1 unknown key "“title”" (did you mean "title"?); “ is no quote to YAML, write "'],
    },
    'typographic quotes around a colon': {
      file: ['title: “Boots: red”', 'steps: []'],
      says: [
        '1:8 a text with a colon and a space in it needs quotes: title: "Boots: red"; “ is no quote to YAML, write "',
      ],
    },
    'typographic quotes around an operation': {
      file: ['title: Boots', 'outcomes:', '  - { on: ‘createOrder’, error: REJECTED }'],
      says: [
        '3:11 "on" is no operation: "‘createOrder’" (did you mean "createOrder", Place the order?); ‘ is no quote to YAML, write "',
      ],
    },
    'a quote that never ends': {
      file: ['title: "Boots', 'steps: []'],
      says: ['1:8 the text that begins with " here never ends'],
    },
    'a single quote that never ends': {
      file: ["title: 'Boots", 'steps: []'],
      says: ["1:8 the text that begins with ' here never ends"],
    },
    'an apostrophe in single quotes': {
      file: ["title: 'The shop's boots'", 'steps: []'],
      says: ["1:18 the text in quotes ends before this; write '' for a ' in it, or put it in double quotes"],
    },
    'a key in the wrong case': {
      file: ['Title: Boots', 'Steps: []'],
      says: ['1:1 unknown key "Title" (did you mean "title"?)', '2:1 unknown key "Steps" (did you mean "steps"?)'],
    },
    'an operation in the wrong case': {
      file: [
        'title: Boots',
        'steps:',
        '  - CREATESESSION: {}',
        '  - createsession: {}',
        '  - create_session: {}',
        '  - create-session: {}',
      ],
      says: [
        '3:5 unknown key "CREATESESSION" (did you mean "createSession"?)',
        '4:5 unknown key "createsession" (did you mean "createSession"?)',
        '5:5 unknown key "create_session" (did you mean "createSession"?)',
        '6:5 unknown key "create-session" (did you mean "createSession"?)',
      ],
    },
    'a market in the wrong case': {
      file: ['title: Boots', 'market: se', 'steps: []'],
      says: [
        '2:9 "market" is one of AU, AT, BE, CA, CZ, DK, FI, FR, DE, GR, HU, IE, IT, MX, NL, NZ, NO, PL, PT, RO, SK, ES, SE, CH, GB, US, not "se" (did you mean "SE"?)',
      ],
    },
    'an evidence in the wrong case': {
      file: ['title: Boots', 'evidence: Docs', 'steps: []'],
      says: ['2:11 "evidence" is one of recorded, spec, docs, reported, inferred, not "Docs" (did you mean "docs"?)'],
    },
    'dashes for underscores': {
      file: ['title: Boots', 'shopper: { payment-option: pay_later }'],
      says: ['2:12 unknown key "payment-option" (did you mean "payment_option"?)'],
    },
    'underscores for dashes': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: { before_the_answer: true } }'],
      says: ['3:29 unknown key "before_the_answer" (did you mean "before-the-answer"?)'],
    },
    'camel case for underscores': {
      file: ['title: Boots', 'paymentMethodCategories: [pay_now]', 'steps: []'],
      says: ['2:1 unknown key "paymentMethodCategories" (did you mean "payment_method_categories"?)'],
    },
    'dashes in a body': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: { order-amount: 1 } }'],
      says: [],
    },
  });
});

t.test('braces, colons and commas; documents and merges', async (t) => {
  told(t, {
    'a variable without quotes in braces': {
      file: ['title: Boots', 'steps:', '  - readSession: { path: { session_id: ${session} } }'],
      says: ['3:41 ${session} needs quotes inside of { } and [ ]: "${session}"'],
    },
    'a variable that nothing keeps': {
      file: ['title: Boots', 'steps:', '  - readSession: { path: { session_id: "${session}" } }'],
      says: ['3:40 no step before this one keeps "session"'],
    },
    'a colon without a space': {
      file: ['title:Boots', 'steps: []'],
      says: ['1:1 a colon needs a space behind it: title: Boots'],
    },
    'a colon without a space in a step': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect:{ status: 200 }'],
      says: ['4:5 unknown key "expect:{ status"; a colon needs a space behind it: expect: { status'],
    },
    'a key without a colon': {
      file: ['title: Boots', 'steps:', '  - readClock'],
      says: ['3:5 steps[0] must be a mapping, not the text "readClock"; write readClock:'],
    },
    'a key without a colon among others': {
      file: ['title: Boots', 'steps:', '  - title: Boots', '    readClock', '    expect: { status: 200 }'],
      says: ['4:5 a colon is missing: readClock:'],
    },
    'a brace that is never closed': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: { intent: buy }'],
      says: ['3:20 the { here is never closed by a }'],
    },
    'a bracket that is never closed': {
      file: ['title: Boots', 'tags: [a, b', 'steps: []'],
      says: ['2:7 the [ here is never closed by a ]'],
    },
    'a comma too few': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: { intent: buy order_amount: 1 } }'],
      says: [
        '3:38 a comma is missing, or a text with a colon in it needs quotes: - createSession: { body: { intent: buy order_amount: 1 } }',
      ],
    },
    'a comma too many': {
      file: ['title: Boots', 'steps:', '  - createSession: { body: { intent: buy,, order_amount: 1 } }'],
      says: ['3:42 a , too many stands here'],
    },
    'a comment that is glued': {
      file: ['title: "Boots"# sold', 'steps: []'],
      says: ['1:15 a # that begins a comment needs a space before it'],
    },
    'two documents': {
      file: ['title: Boots', 'steps: []', '---', 'title: Boots', 'steps: []'],
      says: ['3:1 a second document begins at this ---; a file holds one scenario'],
    },
    'the mark of a merge': {
      file: ['title: Boots', '<<<<<<< HEAD', 'steps: []', '=======', 'steps: {}', '>>>>>>> branch'],
      says: ['2:1 a merge left its mark here'],
    },
  });
});

t.test('values of another kind than the grammar has', async (t) => {
  told(t, {
    'a fault as a word': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, fault: timeout }'],
      says: ['3:31 "fault" must be a mapping, not the text "timeout"; such as fault: { timeout: true }'],
    },
    'a fraud check as a word': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, fraud: PENDING }'],
      says: ['3:31 "fraud" must be a mapping, not the text "PENDING"; such as fraud: { status: PENDING }'],
    },
    'an expectation as a number': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    expect: 200'],
      says: ['4:13 "expect" must be a mapping or empty, not 200; such as expect: { status: 200 }'],
    },
    'a shopper as a word': {
      file: ['title: Boots', 'shopper: denied'],
      says: ['2:10 "shopper" must be a mapping, not the text "denied"; such as shopper: { result: denied }'],
    },
    'a delivery as a word': {
      file: ['title: Boots', 'callbacks:', '  - { on: push, delivery: twice }'],
      says: ['3:27 "delivery" must be a mapping, not the text "twice"; such as delivery: { twice: true }'],
    },
    'one tag': {
      file: ['title: Boots', 'tags: boots', 'steps: []'],
      says: ['2:7 "tags" must be a list, not the text "boots"; write [boots]'],
    },
    'one step that is no list': {
      file: ['title: Boots', 'steps:', '  readClock:'],
      says: ['3:3 "steps" must be a list, not a mapping; begin each of its items with a dash and a space'],
    },
    'a title that is a number': {
      file: ['title: 2026', 'steps: []'],
      says: ['1:8 "title" must be text, not 2026; write "2026"'],
    },
    'a title that is true': {
      file: ['title: true', 'steps: []'],
      says: ['1:8 "title" must be text, not true; write "true"'],
    },
    'an empty title': {
      file: ['title: ""', 'steps: []'],
      says: ['1:8 "title" is empty'],
    },
    'a title that is nothing': {
      file: ['title:', 'steps: []'],
      says: ['1:7 "title" must be text, not empty'],
    },
    'a number in quotes': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    times: "3"'],
      says: ['4:12 "times" must be a whole number, not the text "3"; leave the quotes out'],
    },
    'a number too large': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    times: 5000'],
      says: ['4:12 "times" is from 1 to 1000, not 5000'],
    },
    'a status of a fault in quotes': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, fault: { status: "503" } }'],
      says: ['3:41 "status" is one of 429, 500, 501, 502, 503, 504, not "503"; leave the quotes out'],
    },
    'an operation of nothing that needs a path': {
      file: ['title: Boots', 'steps:', '  - readSession:'],
      says: [
        '3:17 "readSession" must be a mapping, not empty; such as readSession: { path: { session_id: "${session_id}" } }',
      ],
    },
    'calls in words': {
      file: ['title: Boots', 'outcomes:', '  - { on: createOrder, calls: first, error: REJECTED }'],
      says: ['3:31 "calls" is a number from 1, "2..4", "3.." or { every: 3 }, not "first"'],
    },
    'a merchant with a colon': {
      file: ['title: Boots', 'merchant: "a:b"', 'steps: []'],
      says: ['2:11 "merchant" is a user name, which has no colon, not "a:b"'],
    },
    'another merchant with a space': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    as: another shop'],
      says: ['4:9 "as" is a name of letters, digits and _, such as partner, not "another shop"'],
    },
    'a name with a space in keep': {
      file: ['title: Boots', 'steps:', '  - readClock:', '    keep: { "my clock": $.body.now }'],
      says: ['4:13 "my clock" is no name of letters, digits and _, such as session'],
    },
    'the same tag twice': {
      file: ['title: Boots', 'tags: [a, b, a]', 'steps: []'],
      says: ['2:7 "tags" has the same item twice: "a"'],
    },
    'no shopper': {
      file: ['title: Boots', 'shopper: {}'],
      says: ['2:10 "shopper" is empty'],
    },
    'no categories': {
      file: ['title: Boots', 'payment_method_categories: []'],
      says: ['2:28 "payment_method_categories" is empty'],
    },
    'no title': {
      file: ['steps: []'],
      says: ['1:1 "title" is missing'],
    },
    'JSON with a comma at the end of a list': {
      file: ['{ "title": "Boots", "steps": [], }'],
      says: [],
    },
    'JSON with a comment': {
      file: ['{', '  // boots', '  "title": "Boots", "steps": {}', '}'],
      says: [
        '1:1 "title" is missing',
        '2:3 unknown key "// boots \\"title\\""; a comment begins with #',
        '3:30 "steps" must be a list, not a mapping; begin each of its items with a dash and a space',
      ],
    },
    'nothing at all': {
      file: [],
      says: ['1:1 the file is empty'],
    },
    'a comment alone': {
      file: ['# boots'],
      says: ['1:1 the file is empty'],
    },
    'a list': {
      file: ['- readClock:'],
      says: ['1:1 "the file" must be a mapping, not a list; leave the dash out'],
    },
    'a text': {
      file: ['Boots'],
      says: ['1:1 "the file" must be a mapping, not the text "Boots"'],
    },
  });
});
