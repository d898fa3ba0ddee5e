package dev.convoy.clusters;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;

/** Somebody who speaks Spark's protocol, and has no secret. */
final class Intruder {
  private static final int MILLIS = 20_000;

  private Intruder() {}

  /** What a process of Spark's answers to a message on one of its ports. */
  static String ask(int port) throws IOException, InterruptedException {
    TransportConf conf = new TransportConf("rpc", MapConfigProvider.EMPTY);
    try (TransportContext context = new TransportContext(conf, new NoOpRpcHandler());
        TransportClientFactory factory = context.createClientFactory();
        TransportClient client = factory.createClient("localhost", port)) {
      client.sendRpcSync(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), MILLIS);
      return "an answer";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
