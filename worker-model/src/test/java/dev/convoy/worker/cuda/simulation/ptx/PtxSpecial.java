package dev.convoy.worker.cuda.simulation.ptx;

import java.util.HashMap;
import java.util.Map;

/** Registers that a thread finds filled. */
enum PtxSpecial {
  TID_X("%tid.x"),
  TID_Y("%tid.y"),
  TID_Z("%tid.z"),
  NTID_X("%ntid.x"),
  NTID_Y("%ntid.y"),
  NTID_Z("%ntid.z"),
  CTAID_X("%ctaid.x"),
  CTAID_Y("%ctaid.y"),
  CTAID_Z("%ctaid.z"),
  NCTAID_X("%nctaid.x"),
  NCTAID_Y("%nctaid.y"),
  NCTAID_Z("%nctaid.z"),
  LANEID("%laneid"),
  WARP_SZ("WARP_SZ"),
  DYNAMIC_SHARED(".dynamic");

  private static final Map<String, PtxSpecial> BY_NAME = new HashMap<>();

  static {
    for (PtxSpecial special : values()) {
      BY_NAME.put(special.word, special);
    }
  }

  private final String word;

  PtxSpecial(String word) {
    this.word = word;
  }

  static PtxSpecial named(String word) {
    return BY_NAME.get(word);
  }

  /** Its value for a thread of a block. */
  long value(PtxKernel kernel, PtxLaunch launch, long[] block, int thread) {
    return switch (this) {
      case TID_X -> thread % launch.blockX();
      case TID_Y -> thread / launch.blockX() % launch.blockY();
      case TID_Z -> thread / launch.blockX() / launch.blockY();
      case NTID_X -> launch.blockX();
      case NTID_Y -> launch.blockY();
      case NTID_Z -> launch.blockZ();
      case CTAID_X -> block[0];
      case CTAID_Y -> block[1];
      case CTAID_Z -> block[2];
      case NCTAID_X -> launch.gridX();
      case NCTAID_Y -> launch.gridY();
      case NCTAID_Z -> launch.gridZ();
      case LANEID -> thread % 32;
      case WARP_SZ -> 32;
      case DYNAMIC_SHARED -> kernel.dynamicSharedStart();
    };
  }
}
