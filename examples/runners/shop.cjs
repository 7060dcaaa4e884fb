/** A shop in the place of yours: all that it knows of Klarna is an address, a user name and a password. */
const purchase = {
  purchase_country: 'SE',
  purchase_currency: 'SEK',
  locale: 'sv-SE',
  order_amount: 129900,
  order_lines: [{ name: 'Winter boots', quantity: 1, unit_price: 129900, total_amount: 129900 }],
};

exports.makeShop = ({ klarna, username, password }) => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  async function call(path, body) {
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(klarna + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`Klarna answered ${answer.error_code}`);
    return answer;
  }

  const beginPurchase = async () => (await call('/payments/v1/sessions', purchase)).session_id;

  return {
    /** Begins a purchase; returns the id of its session. */
    beginPurchase,
    /** Begins a purchase on Klarna's hosted page; returns the address of the page. */
    async beginOnHostedPage(thanks) {
      const payment_session_url = `${klarna}/payments/v1/sessions/${await beginPurchase()}`;
      const page = { payment_session_url, merchant_urls: { success: thanks } };
      return (await call('/hpp/v1/sessions', page)).redirect_url;
    },
    /** Places the order that the shopper authorized. */
    placeOrder: (authorizationToken) => call(`/payments/v1/authorizations/${authorizationToken}/order`, purchase),
  };
};
