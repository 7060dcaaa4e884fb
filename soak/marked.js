// Two merchants, and what marks all that is one's own.

/** Returns a body in which every text that is free to choose carries a mark. */
export function marked(body, mark, receiver) {
  const { order_lines, billing_address, ...others } = body;
  const lines = order_lines?.map((line) => ({
    ...line,
    name: `${line.name} ${mark}`,
    ...(line.reference && { reference: mark }),
  }));
  return {
    ...others,
    ...(lines && { order_lines: lines }),
    ...(billing_address && { billing_address: markedAddress(billing_address, mark) }),
    ...('purchase_country' in body && {
      merchant_reference1: mark,
      merchant_data: JSON.stringify({ mark }),
      merchant_urls: {
        confirmation: `${receiver}/${mark}/thanks?order={order.id}`,
        push: `${receiver}/${mark}/push?order={order.id}`,
        authorization: `${receiver}/${mark}/authorization`,
        notification: `${receiver}/${mark}/notification`,
      },
    }),
    ...('description' in body && { description: `${body.description} ${mark}` }),
  };
}

const markedAddress = (address, mark) => ({
  ...address,
  family_name: mark,
  email: `${mark}@example.com`,
  street_address: `${mark} 7`,
});

/** Returns a body of an operation of the purchase with the mark in it. */
export function markedBody(name, body, mark, receiver) {
  if (name === 'authorizeSession') {
    const address = body.data?.billing_address;
    return { ...body, ...(address && { data: { billing_address: markedAddress(address, mark) } }) };
  }
  if (name === 'createHostedSession') {
    const urls = { success: `${receiver}/${mark}/success`, status_update: `${receiver}/${mark}/status` };
    return { ...body, merchant_urls: urls };
  }
  if (name === 'createCustomerToken' || name === 'createCustomerTokenOrder') {
    const { merchant_urls: _, ...rest } = marked(body, mark, receiver);
    if (name === 'createCustomerToken') delete rest.merchant_reference1;
    return rest;
  }
  return marked(body, mark, receiver);
}

/** Returns a part of a text around a mark, if it has it. */
export function meeting(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? undefined : text.slice(Math.max(0, at - 100), at + 100);
}
