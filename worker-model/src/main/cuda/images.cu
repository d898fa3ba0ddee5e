// Images in a frame of another size.
#include "values.cuh"

/** to(y, x) = from(y - top, x - left), and 0 where from has no such pixel. */
template <class T>
__device__ __forceinline__ void frame(
    const T *from, T *to, int n, int channels, int fromHeight, int fromWidth, int toHeight,
    int toWidth, int top, int left) {
  FOR_VALUES(i, n) {
    int channel = i % channels;
    int x = i / channels % toWidth - left;
    int y = i / channels / toWidth % toHeight - top;
    int image = i / channels / toWidth / toHeight;
    bool isInside = x >= 0 && x < fromWidth && y >= 0 && y < fromHeight;
    assign(to + i, isInside ? toFloat(from[((image * fromHeight + y) * fromWidth + x) * channels + channel]) : 0);
  }
}

extern "C" __global__ void frame_f32(
    const float *from, float *to, int n, int channels, int fromHeight, int fromWidth, int toHeight,
    int toWidth, int top, int left) {
  frame(from, to, n, channels, fromHeight, fromWidth, toHeight, toWidth, top, left);
}

extern "C" __global__ void frame_bf16(
    const bfloat16 *from, bfloat16 *to, int n, int channels, int fromHeight, int fromWidth,
    int toHeight, int toWidth, int top, int left) {
  frame(from, to, n, channels, fromHeight, fromWidth, toHeight, toWidth, top, left);
}
