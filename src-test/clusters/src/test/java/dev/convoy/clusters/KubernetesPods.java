package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** What is to be so of every pod of Convoy's. */
final class KubernetesPods {
  private KubernetesPods() {}

  /**
   * The Pod Security Standard "restricted", as far as it asks for something to be there.
   *
   * @param spec of a pod
   */
  static void requireRestricted(JsonNode spec) {
    assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(spec.at("/securityContext/runAsUser").asInt()).isEqualTo(185);
    assertThat(spec.at("/securityContext/seccompProfile/type").asText())
        .isEqualTo("RuntimeDefault");
    assertThat(spec.get("containers")).hasSize(1);
    JsonNode container = spec.at("/containers/0/securityContext");
    assertThat(container.at("/allowPrivilegeEscalation").isBoolean()).isTrue();
    assertThat(container.at("/allowPrivilegeEscalation").asBoolean()).isFalse();
    assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(container.has("privileged")).isFalse();
    assertThat(spec.has("hostNetwork")).isFalse();
    assertThat(spec.findValue("hostPath")).isNull();
  }
}
