using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The methods of classes with windows, which all kinds of windows share: the attribute of the class tells the kind.</summary>
internal static class WindowMethods
{
    /// <summary>Takes a row into its window.</summary>
    public static MethodForm Accumulate { get; } =
        new("Accumulate", MethodResult.Nothing, "void Method(in TRow row)", "void Add(in TRow row)");

    /// <summary>Merges the state of later rows of the same key into the current one, where windows are made of parts.</summary>
    public static MethodForm Merge { get; } =
        new("Merge", MethodResult.Nothing, "void Method(in Accumulator other)", "void Merge(in Accumulator other)")
        {
            Takes = MethodInput.State
        };

    /// <summary>Makes the row of a window.</summary>
    public static MethodForm Fire { get; } =
        new("Fire", MethodResult.Row, "TOut Method(in Window<TKey> window)", "TResult Close(in Window<TKey> window)")
        {
            Takes = MethodInput.Window
        };
}
