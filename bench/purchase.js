// The mixed purchase as seven requests: boots bought now, delivered and partly refunded, and a pair of soles charged to
// the customer token later. All servers get these bytes. Answers name the records that later paths are about.

/** Headers of every request. */
export const headers = {
  authorization: `Basic ${Buffer.from('shop:secret').toString('base64')}`,
  'content-type': 'application/json',
};

const billing_address = {
  given_name: 'Elsa',
  family_name: 'Lind',
  email: 'elsa.lind@example.com',
  phone: '+46701740650',
  street_address: 'Skogsgatan 7',
  postal_code: '411 18',
  city: 'Göteborg',
  country: 'SE',
};

const market = { purchase_country: 'SE', purchase_currency: 'SEK', locale: 'sv-SE' };

const boots = {
  order_amount: 24900,
  order_tax_amount: 4980,
  order_lines: [
    {
      type: 'physical',
      reference: 'BOOT-42',
      name: 'Winter boots',
      quantity: 2,
      quantity_unit: 'pair',
      unit_price: 10000,
      tax_rate: 2500,
      total_amount: 20000,
      total_tax_amount: 4000,
      product_url: 'https://boots.example.com/winter-boots',
      image_url: 'https://boots.example.com/winter-boots.jpg',
    },
    {
      type: 'shipping_fee',
      name: 'Delivery to the door',
      quantity: 1,
      unit_price: 4900,
      tax_rate: 2500,
      total_amount: 4900,
      total_tax_amount: 980,
    },
  ],
};

const soles = {
  order_amount: 1990,
  order_tax_amount: 398,
  order_lines: [
    {
      type: 'physical',
      reference: 'RESOLE',
      name: 'New soles',
      quantity: 1,
      unit_price: 1990,
      tax_rate: 2500,
      total_amount: 1990,
      total_tax_amount: 398,
    },
  ],
};

/**
 * Operation, the path's parameter, the field of the answer that names what was made, and the body. A parameter is
 * filled with what an answer before called `from`. A capture and a refund are answered without a body.
 */
export const purchase = [
  {
    operation: 'createSession',
    answers: 'session_id',
    body: {
      intent: 'buy_and_default_tokenize',
      ...market,
      ...boots,
      merchant_reference1: 'SHOP-1001',
      merchant_urls: { confirmation: 'https://boots.example.com/thanks?order={order.id}' },
    },
  },
  {
    operation: 'authorizeSession',
    from: 'session_id',
    answers: 'authorization_token',
    body: {
      payment_option: 'pay_in_4',
      funding_source: { type: 'card', brand: 'VISA', masked_number: '************1111' },
      data: { billing_address },
    },
  },
  {
    operation: 'createCustomerToken',
    from: 'authorization_token',
    answers: 'token_id',
    body: { ...market, description: 'Boot care, once a month', intended_use: 'SUBSCRIPTION', billing_address },
  },
  {
    operation: 'createOrder',
    from: 'authorization_token',
    answers: 'order_id',
    body: { ...market, ...boots, billing_address },
  },
  {
    operation: 'captureOrder',
    from: 'order_id',
    body: {
      captured_amount: boots.order_amount,
      description: 'Sent in one parcel',
      order_lines: boots.order_lines,
      shipping_info: [{ shipping_company: 'Postnord', shipping_method: 'Home', tracking_number: '373400006150008' }],
    },
  },
  {
    operation: 'refundOrder',
    from: 'order_id',
    body: { refunded_amount: 4900, description: 'Delivery took too long' },
  },
  {
    operation: 'createCustomerTokenOrder',
    from: 'token_id',
    answers: 'order_id',
    body: { ...market, ...soles },
  },
];
