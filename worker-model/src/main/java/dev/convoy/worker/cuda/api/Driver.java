package dev.convoy.worker.cuda.api;

/**
 * The calls of NVIDIA's driver library that are used, one for one and under their names, versions
 * included. Each returns the driver's status, 0 for success. Device addresses, handles and
 * addresses of the host's memory are numbers; what a call returns besides is left in the first
 * element of an array.
 *
 * <p>Source: CUDA Driver API reference.
 */
public interface Driver {
  /** Success. */
  int SUCCESS = 0;

  /** A status: the device has not so much memory left. */
  int OUT_OF_MEMORY = 2;

  /** An attribute: how many blocks run at the same time is a multiple of it. */
  int MULTIPROCESSORS = 16;

  /** An attribute: the number before the point of the compute capability. */
  int CAPABILITY_MAJOR = 75;

  /** An attribute: the number behind the point of the compute capability. */
  int CAPABILITY_MINOR = 76;

  /** A stream that does not wait for the default one. */
  int NON_BLOCKING = 1;

  /** For contexts: threads that wait for the device leave their core to others. */
  int WAIT_ASLEEP = 4;

  /** A capture that does not mind what other threads do. */
  int CAPTURE_THREAD_LOCAL = 1;

  /** In {@link #cuLaunchKernel}'s last argument: the next element is the arguments' address. */
  long ARGUMENTS_ADDRESS = 1;

  /** In {@link #cuLaunchKernel}'s last argument: the next element is the address of their size. */
  long ARGUMENTS_SIZE = 2;

  /** In {@link #cuLaunchKernel}'s last argument: nothing follows. */
  long ARGUMENTS_END = 0;

  /** Begins; once a process before all else. */
  int cuInit(int flags);

  /** The newest CUDA version that the driver serves, 1000 × major + 10 × minor. */
  int cuDriverGetVersion(int[] version);

  /** How many devices this process may see. */
  int cuDeviceGetCount(int[] count);

  /** A device by its number among those that this process may see. */
  int cuDeviceGet(int[] device, int ordinal);

  /** A number that describes a device. */
  int cuDeviceGetAttribute(int[] value, int attribute, int device);

  /** A device's name, as bytes up to a 0. */
  int cuDeviceGetName(byte[] name, int length, int device);

  /** Where a device is, "domain:bus:device.function" in hexadecimal digits, up to a 0. */
  int cuDeviceGetPCIBusId(byte[] id, int length, int device);

  /** A device's memory in bytes. */
  int cuDeviceTotalMem_v2(long[] bytes, int device);

  /** How a context behaves that is begun afterwards. */
  int cuDevicePrimaryCtxSetFlags_v2(int device, int flags);

  /** The context that all users of a device in this process share. */
  int cuDevicePrimaryCtxRetain(long[] context, int device);

  /** Gives {@link #cuDevicePrimaryCtxRetain}'s back. */
  int cuDevicePrimaryCtxRelease_v2(int device);

  /** What the calling thread's further calls belong to. */
  int cuCtxSetCurrent(long context);

  /** Memory of the context's device, in bytes. */
  int cuMemGetInfo_v2(long[] free, long[] total);

  /** Takes memory of the device, aligned to 256 bytes. */
  int cuMemAlloc_v2(long[] address, long bytes);

  /** Gives it back. */
  int cuMemFree_v2(long address);

  /** Takes memory of the host that the device can copy by itself. */
  int cuMemHostAlloc(long[] address, long bytes, int flags);

  /** Gives it back. */
  int cuMemFreeHost(long address);

  /** Copies to the device in the order of a stream. */
  int cuMemcpyHtoDAsync_v2(long device, long host, long bytes, long stream);

  /** Copies from the device in the order of a stream. */
  int cuMemcpyDtoHAsync_v2(long host, long device, long bytes, long stream);

  /** Fills memory of the device with a byte in the order of a stream. */
  int cuMemsetD8Async(long address, byte value, long bytes, long stream);

  /** A queue of work. */
  int cuStreamCreate(long[] stream, int flags);

  /** Ends a queue. */
  int cuStreamDestroy_v2(long stream);

  /** Waits until a queue is empty. */
  int cuStreamSynchronize(long stream);

  /** Compiles PTX, which ends with a 0, for the context's device. */
  int cuModuleLoadData(long[] module, byte[] image);

  /** Gives a module back. */
  int cuModuleUnload(long module);

  /** A kernel by its name, which ends with a 0. */
  int cuModuleGetFunction(long[] function, long module, byte[] name);

  /**
   * Runs a kernel in the order of a stream.
   *
   * @param parameters 0, as arguments come packed
   * @param extra addresses of the packed arguments and of their size, see {@link
   *     #ARGUMENTS_ADDRESS}; read before the call returns
   */
  int cuLaunchKernel(
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

  /** A mark in a queue; the flag 2 for one that takes no time. */
  int cuEventCreate(long[] event, int flags);

  /** Puts the mark at the queue's end, and takes it from where it was. */
  int cuEventRecord(long event, long stream);

  /** Waits until all in front of the mark is done; at once if it was never put anywhere. */
  int cuEventSynchronize(long event);

  /** Gives the mark back. */
  int cuEventDestroy_v2(long event);

  /** What is queued from now on is kept instead of run. */
  int cuStreamBeginCapture_v2(long stream, int mode);

  /** Ends that and returns what was kept. */
  int cuStreamEndCapture(long stream, long[] graph);

  /** Makes what was kept ready to run. */
  int cuGraphInstantiateWithFlags(long[] executable, long graph, long flags);

  /** Runs it in the order of a stream. */
  int cuGraphLaunch(long executable, long stream);

  /** Gives back what is ready to run. */
  int cuGraphExecDestroy(long executable);

  /** Gives back what was kept. */
  int cuGraphDestroy(long graph);
}
