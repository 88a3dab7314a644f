// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <Eigen/Dense>
#include <complex>
#include <string>
#include <tfx/kernel/cholesky.hpp>
#include <tfx/kernel/lu.hpp>
#include <vector>

using namespace tfx;

namespace {

template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Work>
void measure(std::string const& name, Work work) {
  benchmark::RegisterBenchmark(name.c_str(), [work](benchmark::State& state) mutable {
    for (auto _ : state) {
      work();
      benchmark::ClobberMemory();
    }
  });
}

/// Registers LU and Cholesky factorisations of n × n matrices, and the solution for n right sides, as name/tfx and
/// name/eigen.
template <class T>
void factorisations(std::string const& dtype, i64 n) {
  matrix<T> const a = matrix<T>::Random(n, n), b = matrix<T>::Random(n, n);
  matrix<T> const definite = a * a.adjoint() + matrix<T>::Identity(n, n) * T(static_cast<float>(n));
  std::string const size = "_" + dtype + "_" + std::to_string(n);
  matrix<T> out(n, n), lu = a;
  std::vector<i64> pivots(static_cast<std::size_t>(n));
  std::vector<T> scratch(static_cast<std::size_t>(kernel::factor_block * (kernel::factor_block + n)));
  measure("lu" + size + "/tfx", [=]() mutable {
    lu = a;
    kernel::factor_lu(lu.data(), n, pivots.data());
  });
  measure("lu" + size + "/eigen", [=] { benchmark::DoNotOptimize(Eigen::PartialPivLU<matrix<T>>(a)); });
  kernel::factor_lu(lu.data(), n, pivots.data());
  measure("solve" + size + "/tfx", [=]() mutable {
    out = b;
    kernel::solve_lu(lu.data(), pivots.data(), out.data(), n, n);
  });
  Eigen::PartialPivLU<matrix<T>> const factored(a);
  measure("solve" + size + "/eigen", [=]() mutable { out = factored.solve(b); });
  measure("cholesky" + size + "/tfx", [=]() mutable {
    benchmark::DoNotOptimize(kernel::factor_cholesky(definite.data(), out.data(), n, scratch.data()));
  });
  measure("cholesky" + size + "/eigen", [=] { benchmark::DoNotOptimize(Eigen::LLT<matrix<T>>(definite)); });
}

}  // namespace

int main(int argc, char** argv) {
  for (i64 const n : {4, 16, 64, 200, 500}) {
    factorisations<float>("f32", n);
    factorisations<double>("f64", n);
    factorisations<std::complex<double>>("c128", n);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
