package dev.convoy.worker.cuda.api;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The driver library itself, bound when the object is made. */
final class NativeDriver implements Driver {
  NativeDriver(NativeLibrary library) {
    Native.register(NativeDriver.class, library);
  }

  @Override
  public native int cuInit(int flags);

  @Override
  public native int cuDriverGetVersion(int[] version);

  @Override
  public native int cuDeviceGetCount(int[] count);

  @Override
  public native int cuDeviceGet(int[] device, int ordinal);

  @Override
  public native int cuDeviceGetAttribute(int[] value, int attribute, int device);

  @Override
  public native int cuDeviceGetName(byte[] name, int length, int device);

  @Override
  public native int cuDeviceGetPCIBusId(byte[] id, int length, int device);

  @Override
  public native int cuDeviceTotalMem_v2(long[] bytes, int device);

  @Override
  public native int cuDevicePrimaryCtxSetFlags_v2(int device, int flags);

  @Override
  public native int cuDevicePrimaryCtxRetain(long[] context, int device);

  @Override
  public native int cuDevicePrimaryCtxRelease_v2(int device);

  @Override
  public native int cuCtxSetCurrent(long context);

  @Override
  public native int cuMemGetInfo_v2(long[] free, long[] total);

  @Override
  public native int cuMemAlloc_v2(long[] address, long bytes);

  @Override
  public native int cuMemFree_v2(long address);

  @Override
  public native int cuMemHostAlloc(long[] address, long bytes, int flags);

  @Override
  public native int cuMemFreeHost(long address);

  @Override
  public native int cuMemcpyHtoDAsync_v2(long device, long host, long bytes, long stream);

  @Override
  public native int cuMemcpyDtoHAsync_v2(long host, long device, long bytes, long stream);

  @Override
  public native int cuMemsetD8Async(long address, byte value, long bytes, long stream);

  @Override
  public native int cuStreamCreate(long[] stream, int flags);

  @Override
  public native int cuStreamDestroy_v2(long stream);

  @Override
  public native int cuStreamSynchronize(long stream);

  @Override
  public native int cuModuleLoadData(long[] module, byte[] image);

  @Override
  public native int cuModuleUnload(long module);

  @Override
  public native int cuModuleGetFunction(long[] function, long module, byte[] name);

  @Override
  public native int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      long parameters,
      long[] extra);

  @Override
  public native int cuEventCreate(long[] event, int flags);

  @Override
  public native int cuEventRecord(long event, long stream);

  @Override
  public native int cuEventSynchronize(long event);

  @Override
  public native int cuEventDestroy_v2(long event);

  @Override
  public native int cuStreamBeginCapture_v2(long stream, int mode);

  @Override
  public native int cuStreamEndCapture(long stream, long[] graph);

  @Override
  public native int cuGraphInstantiateWithFlags(long[] executable, long graph, long flags);

  @Override
  public native int cuGraphLaunch(long executable, long stream);

  @Override
  public native int cuGraphExecDestroy(long executable);

  @Override
  public native int cuGraphDestroy(long graph);
}
