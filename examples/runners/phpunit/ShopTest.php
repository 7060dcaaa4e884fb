<?php

use PHPUnit\Framework\TestCase;

final class ShopTest extends TestCase
{
    private const PURCHASE = [
        'purchase_country' => 'SE',
        'purchase_currency' => 'SEK',
        'locale' => 'sv-SE',
        'order_amount' => 129900,
        'order_lines' => [
            ['name' => 'Winter boots', 'quantity' => 1, 'unit_price' => 129900, 'total_amount' => 129900],
        ],
    ];

    /** @var resource */
    private static $process;
    private static string $url;

    public static function setUpBeforeClass(): void
    {
        $npx = PHP_OS_FAMILY === 'Windows' ? 'npx.cmd' : 'npx';
        $command = [$npx, 'mock-klarna', '--port', '0', '--json', '--quiet'];
        self::$process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
        $line = fgets($pipes[1]); // the ready line; nothing comes when it cannot start
        self::assertNotFalse($line, 'mock-klarna did not start');
        self::$url = json_decode($line)->ready;
    }

    protected function setUp(): void
    {
        self::call('POST', '/sandbox/v1/reset');
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$process);
        proc_close(self::$process);
    }

    public function testAPurchaseThatTheShopperPaysLater(): void
    {
        $order = self::placeOrder(self::authorize(self::beginPurchase(), ['payment_option' => 'pay_later']));
        self::assertSame('ACCEPTED', $order->fraud_status);
    }

    public function testKlarnaRejectsTheOrder(): void
    {
        self::call('PUT', '/sandbox/v1/scenario', ['name' => 'declines/order-rejected']);
        $refusal = self::placeOrder(self::authorize(self::beginPurchase(), []));
        self::assertSame('REJECTED', $refusal->error_code);
    }

    // What your shop does; authorize() is the shopper.

    private static function beginPurchase(): string
    {
        return self::call('POST', '/payments/v1/sessions', self::PURCHASE)->session_id;
    }

    private static function authorize(string $session, array $choice): string
    {
        return self::call('POST', "/sandbox/v1/sessions/$session/authorize", (object) $choice)->authorization_token;
    }

    private static function placeOrder(string $token): object
    {
        return self::call('POST', "/payments/v1/authorizations/$token/order", self::PURCHASE);
    }

    private static function call(string $method, string $path, array|object|null $body = null): ?object
    {
        $options = [
            'method' => $method,
            'header' => ['Authorization: Basic ' . base64_encode('shop:secret'), 'Content-Type: application/json'],
            'content' => $body === null ? '' : json_encode($body),
            'ignore_errors' => true,
        ];
        $answer = file_get_contents(self::$url . $path, false, stream_context_create(['http' => $options]));
        return json_decode($answer);
    }
}
