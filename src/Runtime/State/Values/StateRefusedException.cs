using System.Diagnostics;

namespace Penstock.State;

/// <summary>
/// Thrown when a part cannot restore saved state; the restoring code adds the checkpoint. The message continues the sentence "the state of
/// 'id'".
/// </summary>
internal sealed class StateRefusedException(PipelineErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The code of the final error, which names the checkpoint.</summary>
    public PipelineErrorCode Code { get; } = code;

    /// <summary>The id that the message names instead of that of the part; null for that of the part.</summary>
    public string? Place { get; init; }

    /// <summary>Creates the exception for code of the program that threw while state was deserialized.</summary>
    /// <param name="error">The original exception.</param>
    /// <param name="codec">The generated codec that called the code.</param>
    /// <returns>The exception, or null if the bytes could not be read and no code of the program threw.</returns>
    public static StateRefusedException? Of(Exception error, Type codec)
    {
        // The codec for an element of a map or list is an internal one that wraps the generated codec.
        var generated = codec.IsGenericType ? codec.GenericTypeArguments[^1] : codec;
        if (error is PipelineException || CodeIn(error, generated.FullName!) is not { } code)
        {
            return null;
        }

        return new StateRefusedException(
            ErrorCodes.StateCodeFailed,
            $"cannot be made from what was saved: {code} has thrown {error.GetType().Name}: {error.Message} Correct it so that it takes "
                + $"every value that was saved, or start over with an empty checkpoint folder and an empty output.",
            error);
    }

    // Finds the code that the generated code has called, from the next stack frame. If that call was inlined, the next frame may be library
    // code or missing.
    private static string? CodeIn(Exception error, string codec)
    {
        string? called = "a method or constructor of its types";
        foreach (var method in new StackTrace(error).GetFrames().Select(DiagnosticMethodInfo.Create))
        {
            if (method == null)
            {
                continue;
            }

            // The bytes could not be read.
            if (method.DeclaringTypeName.StartsWith("Penstock.Checkpoints.", StringComparison.Ordinal))
            {
                return null;
            }

            if (Dotted(method.DeclaringTypeName) == Dotted(codec))
            {
                return called;
            }

            // Codecs of the program are called through this one.
            if (!method.DeclaringTypeName.StartsWith("Penstock.State.ValueCodec", StringComparison.Ordinal))
            {
                called = NameOf(method);
            }
        }

        return null;
    }

    private static string? NameOf(DiagnosticMethodInfo method)
    {
        var (type, assembly) = (Dotted(method.DeclaringTypeName), method.DeclaringAssemblyName);
        return assembly.StartsWith("MemoryPack", StringComparison.Ordinal)
            || assembly.StartsWith("Penstock.Runtime,", StringComparison.Ordinal) ? null
            : assembly.StartsWith("System.", StringComparison.Ordinal) ? "a method or constructor of its types"
            : method.Name == ".ctor" ? $"the constructor of '{type}'"
            : $"the method '{type}.{method.Name}'";
    }

    private static string Dotted(string type) => type.Replace('+', '.');
}
