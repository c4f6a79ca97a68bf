using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The methods of classes that join two inputs.</summary>
internal static class JoinMethods
{
    /// <summary>Makes the result of two rows that meet. If it returns nothing, there is none.</summary>
    public static MethodForm Match { get; } = new(
        "Match",
        MethodResult.Row,
        "TOut Method(in TLeft left, in TRight right)",
        "TOut Join(in TLeft left, in TRight right)")
    {
        TakesPair = true,
        MayReturnNothing = true,
    };

    /// <summary>Makes the result of a row that meets none.</summary>
    public static MethodForm Unmatched { get; } = new(
        "Unmatched",
        MethodResult.Row,
        "TOut Method(in TRow row)",
        "TOut Alone(in TRow row)")
    {
        IsOptional = true,
        IsPerInput = true,
    };

    /// <summary>The method of the contract for the unmatched rows of an input.</summary>
    public static string UnmatchedOf(int input) => Unmatched.Name + (input == 0 ? "Left" : "Right");
}
