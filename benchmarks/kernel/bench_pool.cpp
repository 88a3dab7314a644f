// SPDX-License-Identifier: Apache-2.0
// Pools and their gradients on [50, size, size, channels] against plain loops and against oneDNN on the same layout.
// One thread.
#include <benchmark/benchmark.h>
#include <tfx/kernel/pool_gradient.hpp>
#include <vector>
#ifdef TFX_HAVE_DNNL
#include <oneapi/dnnl/dnnl.hpp>
#endif

using namespace tfx;

namespace {

constexpr i64 batch = 50;

enum class way { largest, largest_gradient, mean, mean_gradient };

template <i64 Size, i64 Stride>
struct square_window {
  static constexpr window_axis along{Size, Stride, 1, padding_kind::same};
  static constexpr window_axis axis[3] = {along, {}, along};
  static constexpr i64 size = Size * Size;
};

/// Images, what windows make of them, and both their gradients.
template <i64 N, i64 C, class Window>
struct operands {
  static constexpr i64 places = Window::along.places(N);
  std::vector<float> x = numbers(batch * N * N * C), dx = x, y = numbers(batch * places * places * C), dy = y;
  kernel::pool_extents of{
      batch, {N, 1, N}, {places, 1, places}, {Window::along.before(N), 0, Window::along.before(N)}, C};

  static std::vector<float> numbers(i64 count) {
    std::vector<float> out;
    for (i64 i = 0; i < count; ++i) out.push_back(float(i * 7919 % 1009) / 1009.f - 0.5f);
    return out;
  }
};
template <i64 N, i64 C, class Window>
void report(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * batch * N * N * C);
}

template <i64 N, i64 C, i64 Size, i64 Stride, way Way>
void pool_tfx(benchmark::State& state) {
  using window_type = square_window<Size, Stride>;
  constexpr kernel::channel_lanes lanes = kernel::pool_lanes<float, C>();
  operands<N, C, window_type> o;
  i64 const rows = batch * o.places;
  for (auto _ : state) {
    if constexpr (Way == way::largest) {
      kernel::pool<kernel::largest_of_window, window_type, C>(o.x.data(), o.y.data(), o.of, 0, rows);
    } else if constexpr (Way == way::mean) {
      kernel::pool<kernel::mean_of_window, window_type, C>(o.x.data(), o.y.data(), o.of, 0, rows);
    } else if constexpr (Way == way::largest_gradient) {
      kernel::max_pool_gradient<window_type, lanes>(o.x.data(), o.dy.data(), o.dx.data(), o.of, 0, batch);
    } else {
      kernel::avg_pool_gradient<window_type, lanes>(o.dy.data(), o.dx.data(), o.of, 0, batch);
    }
    benchmark::DoNotOptimize(o.y.data());
    benchmark::DoNotOptimize(o.dx.data());
    benchmark::ClobberMemory();
  }
  report<N, C, window_type>(state);
}

/// What one would write, of one window after another, channels inside.
template <i64 N, i64 C, i64 Size, i64 Stride, way Way>
[[gnu::optimize("O3")]] void pool_loops(float const* x, float* y) {
  constexpr window_axis along = square_window<Size, Stride>::along;
  constexpr i64 places = along.places(N), before = along.before(N);
  for (i64 b = 0; b < batch; ++b)
    for (i64 i = 0; i < places; ++i)
      for (i64 j = 0; j < places; ++j) {
        float* const to = y + ((b * places + i) * places + j) * C;
        for (i64 c = 0; c < C; ++c) to[c] = Way == way::largest ? -3e38f : 0;
        float count = 0;
        for (i64 s = 0; s < Size; ++s)
          for (i64 t = 0; t < Size; ++t) {
            i64 const row = i * Stride - before + s, column = j * Stride - before + t;
            if (row < 0 || row >= N || column < 0 || column >= N) continue;
            float const* const from = x + ((b * N + row) * N + column) * C;
            ++count;
            for (i64 c = 0; c < C; ++c) to[c] = Way == way::mean ? to[c] + from[c] : from[c] > to[c] ? from[c] : to[c];
          }
        if (Way == way::mean)
          for (i64 c = 0; c < C; ++c) to[c] /= count;
      }
}
template <i64 N, i64 C, i64 Size, i64 Stride, way Way>
void pool_hand(benchmark::State& state) {
  operands<N, C, square_window<Size, Stride>> o;
  for (auto _ : state) {
    pool_loops<N, C, Size, Stride, Way>(o.x.data(), o.y.data());
    benchmark::DoNotOptimize(o.y.data());
    benchmark::ClobberMemory();
  }
  report<N, C, square_window<Size, Stride>>(state);
}

#ifdef TFX_HAVE_DNNL
template <i64 N, i64 C, i64 Size, i64 Stride, way Way>
void pool_onednn(benchmark::State& state) {
  using dnnl::memory;
  using window_type = square_window<Size, Stride>;
  operands<N, C, window_type> o;
  constexpr i64 before = window_type::along.before(N), after = (o.places - 1) * Stride + Size - N - before;
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  memory::desc const image({batch, C, N, N}, memory::data_type::f32, memory::format_tag::nhwc);
  memory::desc const result({batch, C, o.places, o.places}, memory::data_type::f32, memory::format_tag::nhwc);
  constexpr bool is_mean = Way == way::mean || Way == way::mean_gradient;
  constexpr bool is_gradient = Way == way::largest_gradient || Way == way::mean_gradient;
  auto const kind = is_mean ? dnnl::algorithm::pooling_avg_exclude_padding : dnnl::algorithm::pooling_max;
  memory::dims const strides{Stride, Stride}, size{Size, Size}, low{before, before},
      high{after < 0 ? 0 : after, after < 0 ? 0 : after};
  dnnl::pooling_forward::primitive_desc const forward(
      {is_gradient ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference, kind, image, result,
       strides, size, low, high},
      engine);
  memory x(image, engine, o.x.data()), y(result, engine, o.y.data());
  memory workspace(forward.workspace_desc(), engine);
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}};
  if (is_gradient && !is_mean) arguments.emplace(DNNL_ARG_WORKSPACE, workspace);
  dnnl::pooling_forward const run_forward(forward);
  run_forward.execute(stream, arguments);
  auto const measure = [&](dnnl::primitive const& pool) {
    for (auto _ : state) {
      pool.execute(stream, arguments);
      stream.wait();
      benchmark::ClobberMemory();
    }
  };
  memory dx(image, engine, o.dx.data()), dy(result, engine, o.dy.data());
  if constexpr (is_gradient) {
    arguments.emplace(DNNL_ARG_DIFF_SRC, dx);
    arguments.emplace(DNNL_ARG_DIFF_DST, dy);
    measure(dnnl::pooling_backward({{kind, image, result, strides, size, low, high}, engine, forward}));
  } else {
    measure(run_forward);
  }
  report<N, C, window_type>(state);
}
#define BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, WAY) BENCHMARK(pool_onednn<N, C, SIZE, STRIDE, way::WAY>)
#else
#define BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, WAY)
#endif

#define BENCH_POOL(N, C, SIZE, STRIDE)                            \
  BENCHMARK(pool_tfx<N, C, SIZE, STRIDE, way::largest>);          \
  BENCHMARK(pool_hand<N, C, SIZE, STRIDE, way::largest>);         \
  BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, largest);                 \
  BENCHMARK(pool_tfx<N, C, SIZE, STRIDE, way::mean>);             \
  BENCHMARK(pool_hand<N, C, SIZE, STRIDE, way::mean>);            \
  BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, mean);                    \
  BENCHMARK(pool_tfx<N, C, SIZE, STRIDE, way::largest_gradient>); \
  BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, largest_gradient);        \
  BENCHMARK(pool_tfx<N, C, SIZE, STRIDE, way::mean_gradient>);    \
  BENCH_POOL_ONEDNN(N, C, SIZE, STRIDE, mean_gradient)

BENCH_POOL(28, 32, 2, 2);
BENCH_POOL(14, 64, 2, 2);
BENCH_POOL(28, 1, 2, 2);
BENCH_POOL(27, 96, 3, 2);

}  // namespace

BENCHMARK_MAIN();
