// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <Eigen/Core>
#include <string>
#include <tfx/kernel/gemm.hpp>
#include <vector>

using namespace tfx;
using kernel::dynamic;

namespace {

template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
struct operands {
  matrix<T> a, b, c;
  operands(i64 m, i64 n, i64 k, bool ta, bool tb)
      : a(matrix<T>::Random(ta ? k : m, ta ? m : k)), b(matrix<T>::Random(tb ? n : k, tb ? k : n)), c(m, n) {}
};

void report(benchmark::State& state, i64 m, i64 n, i64 k) {
  state.counters["GF"] = benchmark::Counter(2e-9 * double(m * n * k), benchmark::Counter::kIsIterationInvariantRate);
}

/// Registers name/tfx and name/eigen; S* are the extents that the compiler knows.
template <class T, i64 SM, i64 SN, i64 SK, bool TA = false, bool TB = false>
void product(std::string const& name, i64 m, i64 n, i64 k) {
  benchmark::RegisterBenchmark((name + "/tfx").c_str(), [=](benchmark::State& state) {
    operands<T> x(m, n, k, TA, TB);
    for (auto _ : state) {
      kernel::gemm<T, SM, SN, SK, TA, TB>(x.a.data(), x.b.data(), x.c.data(), m, n, k);
      benchmark::DoNotOptimize(x.c.data());
      benchmark::ClobberMemory();
    }
    report(state, m, n, k);
  });
  benchmark::RegisterBenchmark((name + "/eigen").c_str(), [=](benchmark::State& state) {
    operands<T> x(m, n, k, TA, TB);
    for (auto _ : state) {
      if constexpr (TA && TB) {
        x.c.noalias() = x.a.transpose() * x.b.transpose();
      } else if constexpr (TA) {
        x.c.noalias() = x.a.transpose() * x.b;
      } else if constexpr (TB) {
        x.c.noalias() = x.a * x.b.transpose();
      } else {
        x.c.noalias() = x.a * x.b;
      }
      benchmark::DoNotOptimize(x.c.data());
      benchmark::ClobberMemory();
    }
    report(state, m, n, k);
  });
}

/// All extents known, against Eigen's fixed-size matrices.
template <i64 Size>
void cube(std::string const& name) {
  using square = Eigen::Matrix<float, int(Size), int(Size), Eigen::RowMajor>;
  benchmark::RegisterBenchmark((name + "/tfx").c_str(), [=](benchmark::State& state) {
    square a = square::Random(), b = square::Random(), c;
    for (auto _ : state) {
      benchmark::DoNotOptimize(a.data());
      kernel::gemm<float, Size, Size, Size, false, false>(a.data(), b.data(), c.data(), Size, Size, Size);
      benchmark::DoNotOptimize(c.data());
      benchmark::ClobberMemory();
    }
    report(state, Size, Size, Size);
  });
  benchmark::RegisterBenchmark((name + "/eigen").c_str(), [=](benchmark::State& state) {
    square a = square::Random(), b = square::Random(), c;
    for (auto _ : state) {
      benchmark::DoNotOptimize(a.data());
      c.noalias() = a * b;
      benchmark::DoNotOptimize(c.data());
      benchmark::ClobberMemory();
    }
    report(state, Size, Size, Size);
  });
}

/// What the processor can do at most: independent multiply-adds without memory.
template <class T>
void peak(std::string const& name) {
  benchmark::RegisterBenchmark((name + "/hand").c_str(), [](benchmark::State& state) {
    constexpr int lanes = simd::width<T>, chains = 12, steps = 1000;
    kernel::vec<T, lanes> sum[chains] = {}, x = {}, y = {};
    benchmark::DoNotOptimize(x);
    benchmark::DoNotOptimize(y);
    for (auto _ : state) {
      for (int i = 0; i < steps; ++i) {
        TFX_UNROLL for (int c = 0; c < chains; ++c) { sum[c] = simd::native::fma(x, y, sum[c]); }
      }
      benchmark::DoNotOptimize(sum);
    }
    report(state, chains, lanes, steps);
  });
}

}  // namespace

int main(int argc, char** argv) {
  peak<float>("fma_peak_f32");
  peak<double>("fma_peak_f64");
  product<float, dynamic, 1, 3>("linear_2000x3", 2000, 1, 3);
  product<float, 1, dynamic, 3, false, true>("linear_row_2000x3", 1, 2000, 3);
  product<float, 1, 3, dynamic>("linear_gradient_2000x3", 1, 3, 2000);
  product<float, dynamic, 10, 784>("classifier_100x784x10", 100, 10, 784);
  product<float, 784, 10, dynamic, true>("classifier_gradient_100x784x10", 784, 10, 100);
  product<float, dynamic, 784, 10, false, true>("classifier_dx_100x784x10", 100, 784, 10);
  product<float, 1, 512, 784>("row_times_784x512", 1, 512, 784);
  product<float, 1, 512, 784, false, true>("row_times_512x784_transposed", 1, 512, 784);
  product<float, 1, 10, 784>("row_times_784x10", 1, 10, 784);
  cube<2>("gemm_2");
  cube<3>("gemm_3");
  cube<4>("gemm_4");
  cube<8>("gemm_8");
  cube<10>("gemm_10");
  cube<16>("gemm_16");
  product<float, 32, 32, 32>("gemm_32", 32, 32, 32);
  product<float, 64, 64, 64>("gemm_64", 64, 64, 64);
  product<float, 128, 128, 128>("gemm_128", 128, 128, 128);
  product<float, 256, 256, 256>("gemm_256", 256, 256, 256);
  product<float, 512, 512, 512>("gemm_512", 512, 512, 512);
  product<float, 1024, 1024, 1024>("gemm_1024", 1024, 1024, 1024);
  product<float, dynamic, dynamic, dynamic>("gemm_dynamic_64", 64, 64, 64);
  product<float, dynamic, dynamic, dynamic>("gemm_dynamic_512", 512, 512, 512);
  product<float, dynamic, 512, 784>("dense_128x784x512", 128, 512, 784);
  product<float, dynamic, 512, 784>("dense_100x784x512", 100, 512, 784);
  product<float, dynamic, 256, 512>("dense_128x512x256", 128, 256, 512);
  product<float, 784, 512, dynamic, true>("dense_gradient_128x784x512", 784, 512, 128);
  product<float, dynamic, 784, 512, false, true>("dense_dx_128x784x512", 128, 784, 512);
  product<float, dynamic, 1024, 3136>("dense_100x3136x1024", 100, 1024, 3136);
  product<float, 3136, 1024, dynamic, true>("dense_gradient_100x3136x1024", 3136, 1024, 100);
  product<float, dynamic, 3136, 1024, false, true>("dense_dx_100x3136x1024", 100, 3136, 1024);
  product<float, 512, 512, 512, false, true>("gemm_nt_512", 512, 512, 512);
  product<double, 64, 64, 64>("gemm_f64_64", 64, 64, 64);
  product<double, 256, 256, 256>("gemm_f64_256", 256, 256, 256);
  product<double, dynamic, 512, 784>("dense_f64_128x784x512", 128, 512, 784);
  product<double, dynamic, 10, 784>("classifier_f64_100x784x10", 100, 10, 784);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
