using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Penstock.Tasks;

/// <summary>
/// Starts the calls of an <c>[AsyncMap]</c> operator. Implemented by generated structs, so that the JIT resolves every call.
/// </summary>
/// <typeparam name="TIn">The type of the rows.</typeparam>
/// <typeparam name="TResult">The type of the results, which may be null.</typeparam>
/// <typeparam name="TOut">The type of the rows that are emitted.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IAsyncCall<TIn, TResult, TOut>
{
    /// <summary>Starts a call.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cancellation">Canceled when the attempt ends.</param>
    /// <returns>The result, which is awaited once.</returns>
    ValueTask<TResult> Start(in TIn row, CancellationToken cancellation);

    /// <summary>Returns the row that is emitted for a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="row">The row.</param>
    /// <returns><c>false</c> if the result is null, so that no row is emitted.</returns>
    static abstract bool TryTake(in TResult result, [MaybeNullWhen(false)] out TOut row);
}
