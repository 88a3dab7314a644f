// SPDX-License-Identifier: Apache-2.0
// Convolutions and both their gradients against oneDNN, which chooses its own layouts: what it takes to bring numbers
// into them is not counted. One thread.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>
#include <tfx/kernel/convolution.hpp>
#include <tfx/kernel/convolution_filter.hpp>
#include <vector>
#ifdef TFX_HAVE_DNNL
#include <oneapi/dnnl/dnnl.hpp>
#endif

using namespace tfx;
using kernel::convolution;

namespace {

constexpr i64 batch = 50;

constexpr convolution layer(i64 size, i64 channels, i64 filters, i64 window, i64 stride) {
  window_axis const along{window, stride, 1, padding_kind::same};
  return {size, size, channels, filters, along, along};
}

template <convolution D>
struct operands {
  static constexpr i64 pixels = D.height * D.width, places = D.rows() * D.columns();
  std::vector<float> image, filter, result, scratch, turned;

  operands()
      : image(numbers(batch * pixels * D.channels)),
        filter(numbers(D.y.size * D.x.size * D.channels * D.filters)),
        result(numbers(batch * places * D.filters)),
        scratch(static_cast<std::size_t>(8 * (D.width + 2 * D.x.reach() + 2) * D.height *
                                         (D.channels > D.filters ? D.channels : D.filters))),
        turned(filter.size()) {}
  static std::vector<float> numbers(i64 count) {
    std::vector<float> out;
    for (i64 i = 0; i < count; ++i) out.push_back(float(i % 37) / 37.f - 0.5f);
    return out;
  }
};

template <convolution D>
void report(benchmark::State& state) {
  double const flops =
      2e-9 * double(batch * D.rows() * D.columns() * D.filters) * double(D.y.size * D.x.size * D.channels);
  state.counters["GF"] = benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

enum class way { forward, back, filter };

template <convolution D, way Way>
void tfx_convolution(benchmark::State& state) {
  operands<D> x;
  kernel::image_extents const of{batch, D.height, D.width, D.channels, D.filters};
  for (auto _ : state) {
    if constexpr (Way == way::forward) {
      kernel::convolve<float, D>(x.image.data(), x.filter.data(), x.result.data(), of, x.scratch.data(),
                                 kernel::store_result{});
      benchmark::DoNotOptimize(x.result.data());
    } else if constexpr (Way == way::back) {
      kernel::convolve_back<float, D>(x.filter.data(), x.result.data(), x.image.data(), of, x.turned.data(),
                                      x.scratch.data(), kernel::store_result{});
      benchmark::DoNotOptimize(x.image.data());
    } else {
      kernel::convolve_filter<float, D>(x.image.data(), x.result.data(), x.filter.data(), of, x.scratch.data(),
                                        kernel::store_result{});
      benchmark::DoNotOptimize(x.filter.data());
    }
    benchmark::ClobberMemory();
  }
  report<D>(state);
}

#ifdef TFX_HAVE_DNNL
using dnnl::memory;

/// Runs one of oneDNN's primitives on memory of the layouts that it asks for.
template <convolution D>
void run(benchmark::State& state, dnnl::engine const& engine, dnnl::primitive const& primitive,
         std::initializer_list<std::pair<int, memory::desc>> arguments) {
  dnnl::stream stream(engine);
  std::unordered_map<int, memory> given;
  for (auto const& [which, layout] : arguments) {
    memory m(layout, engine);
    float* const at = static_cast<float*>(m.get_data_handle());
    for (std::size_t i = 0; i < layout.get_size() / sizeof(float); ++i) at[i] = float(i % 37) / 37.f - 0.5f;
    given.emplace(which, m);
  }
  for (auto _ : state) {
    primitive.execute(stream, given);
    stream.wait();
    benchmark::ClobberMemory();
  }
  report<D>(state);
}

template <convolution D, way Way>
void dnnl_convolution(benchmark::State& state) {
  dnnl::engine const engine(dnnl::engine::kind::cpu, 0);
  auto const any = [](memory::dims const& dims) {
    return memory::desc(dims, memory::data_type::f32, memory::format_tag::any);
  };
  auto const before = [](window_axis const& w, i64 n) { return w.before(n); };
  auto const after = [](window_axis const& w, i64 n) {
    return (w.places(n) - 1) * w.stride + w.reach() - n - w.before(n);
  };
  memory::desc const image = any({batch, D.channels, D.height, D.width}),
                     filter = any({D.filters, D.channels, D.y.size, D.x.size}),
                     result = any({batch, D.filters, D.rows(), D.columns()});
  memory::dims const strides{D.y.stride, D.x.stride}, left{before(D.y, D.height), before(D.x, D.width)},
      right{after(D.y, D.height), after(D.x, D.width)};
  dnnl::convolution_forward::primitive_desc const forward(
      {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, image, filter, result, strides, left,
       right},
      engine);
  if constexpr (Way == way::forward) {
    run<D>(state, engine, dnnl::convolution_forward(forward),
           {{DNNL_ARG_SRC, forward.src_desc()},
            {DNNL_ARG_WEIGHTS, forward.weights_desc()},
            {DNNL_ARG_DST, forward.dst_desc()}});
  } else if constexpr (Way == way::back) {
    dnnl::convolution_backward_data::primitive_desc const back(
        {dnnl::algorithm::convolution_direct, image, filter, result, strides, left, right}, engine, forward);
    run<D>(state, engine, dnnl::convolution_backward_data(back),
           {{DNNL_ARG_DIFF_SRC, back.diff_src_desc()},
            {DNNL_ARG_WEIGHTS, back.weights_desc()},
            {DNNL_ARG_DIFF_DST, back.diff_dst_desc()}});
  } else {
    dnnl::convolution_backward_weights::primitive_desc const back(
        {dnnl::algorithm::convolution_direct, image, filter, result, strides, left, right}, engine, forward);
    run<D>(state, engine, dnnl::convolution_backward_weights(back),
           {{DNNL_ARG_SRC, back.src_desc()},
            {DNNL_ARG_DIFF_WEIGHTS, back.diff_weights_desc()},
            {DNNL_ARG_DIFF_DST, back.diff_dst_desc()}});
  }
}
#endif

template <convolution D>
void compare(std::string const& name) {
  auto const add = [&]<way Way>(std::integral_constant<way, Way>, char const* which) {
    benchmark::RegisterBenchmark((name + which + "/tfx").c_str(), &tfx_convolution<D, Way>);
#ifdef TFX_HAVE_DNNL
    benchmark::RegisterBenchmark((name + which + "/dnnl").c_str(), &dnnl_convolution<D, Way>);
#endif
  };
  add(std::integral_constant<way, way::forward>{}, "");
  add(std::integral_constant<way, way::back>{}, "_input");
  add(std::integral_constant<way, way::filter>{}, "_filter");
}

}  // namespace

int main(int argc, char** argv) {
  setenv("OMP_NUM_THREADS", "1", 1);
  compare<layer(28, 1, 32, 5, 1)>("mnist_1_5x5_28x28x1_32");
  compare<layer(14, 32, 64, 5, 1)>("mnist_2_5x5_14x14x32_64");
  compare<layer(56, 64, 64, 3, 1)>("3x3_56x56x64_64");
  compare<layer(56, 64, 64, 1, 1)>("1x1_56x56x64_64");
  compare<layer(56, 64, 64, 3, 2)>("3x3_stride_2_56x56x64_64");
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
