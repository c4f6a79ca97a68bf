namespace Penstock.Tasks;

/// <summary>The limits of asynchronous calls.</summary>
/// <param name="Concurrency">The maximum number of rows in flight.</param>
/// <param name="Order">The order of the results.</param>
/// <param name="Timeout">The maximum time of a call.</param>
internal sealed record CallSettings(int Concurrency, AsyncOrder Order, TimeSpan Timeout);
