import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopTest {
    static final String PURCHASE = """
        { "purchase_country": "SE", "purchase_currency": "SEK", "locale": "sv-SE", "order_amount": 129900,
          "order_lines": [
            { "name": "Winter boots", "quantity": 1, "unit_price": 129900, "total_amount": 129900 } ] }""";

    static final HttpClient http = HttpClient.newHttpClient();
    static Process process;
    static String url;

    @BeforeAll
    static void start() throws IOException {
        String npx = System.getProperty("os.name").startsWith("Windows") ? "npx.cmd" : "npx";
        process = new ProcessBuilder(npx, "mock-klarna", "--port", "0", "--json", "--quiet")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine(); // the ready line; nothing comes when it cannot start
        assertNotNull(line, "mock-klarna did not start");
        url = field(line, "ready");
    }

    @BeforeEach
    void reset() throws Exception {
        call("POST", "/sandbox/v1/reset", "");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    @Test
    void aPurchaseThatTheShopperPaysLater() throws Exception {
        String order = placeOrder(authorize(beginPurchase(), "{ \"payment_option\": \"pay_later\" }"));
        assertEquals("ACCEPTED", field(order, "fraud_status"));
    }

    @Test
    void klarnaRejectsTheOrder() throws Exception {
        call("PUT", "/sandbox/v1/scenario", "{ \"name\": \"declines/order-rejected\" }");
        String refusal = placeOrder(authorize(beginPurchase(), "{}"));
        assertEquals("REJECTED", field(refusal, "error_code"));
    }

    // What your shop does; `authorize` is the shopper.

    static String beginPurchase() throws Exception {
        return field(call("POST", "/payments/v1/sessions", PURCHASE), "session_id");
    }

    static String authorize(String session, String choice) throws Exception {
        String answer = call("POST", "/sandbox/v1/sessions/" + session + "/authorize", choice);
        return field(answer, "authorization_token");
    }

    static String placeOrder(String token) throws Exception {
        return call("POST", "/payments/v1/authorizations/" + token + "/order", PURCHASE);
    }

    static String call(String method, String path, String body) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("shop:secret".getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Basic " + credentials)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Returns a text field of an answer, as the JSON library of your shop would. */
    static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : null;
    }
}
