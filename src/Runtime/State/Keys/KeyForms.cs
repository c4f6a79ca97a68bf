namespace Penstock.State;

/// <summary>The forms of a key: values that are equal, but written differently, such as the decimals 1.0 and 1.00.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
internal static class KeyForms<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>
    /// Indicates whether a key can have several forms. For all other keys the JIT removes the code that finds the stored form.
    /// </summary>
    public static readonly bool CanDiffer = TKey.Schema.Contains("decimal", StringComparison.Ordinal)
        || TKey.Schema.Contains("datetime", StringComparison.Ordinal);
}
