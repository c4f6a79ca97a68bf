using System.Diagnostics;

namespace Penstock.State;

/// <summary>
/// A part cannot take the state that was saved; whoever restores says of which checkpoint it is. The message goes on from "the state of
/// 'id'".
/// </summary>
internal sealed class StateRefusedException(PipelineErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The code of the error that says of which checkpoint the state is.</summary>
    public PipelineErrorCode Code { get; } = code;

    /// <summary>The same, where code of the program has thrown while a state was made from its bytes.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="codec">The generated code that called it.</param>
    /// <returns>Null where it was no code of the program: the bytes could not be read.</returns>
    public static StateRefusedException? Of(Exception error, Type codec)
    {
        // The codec of an element of a map or list is one of ours around the generated one.
        var generated = codec.IsGenericType ? codec.GenericTypeArguments[^1] : codec;
        if (error is PipelineException || CodeIn(error, generated.FullName!) is not { } code)
        {
            return null;
        }

        return new StateRefusedException(
            ErrorCodes.StateCodeFailed,
            $"cannot be made from what was saved: {code} has thrown {error.GetType().Name}: {error.Message} Correct it so that it takes "
                + $"every value that was saved, or start over with an empty checkpoint folder.",
            error);
    }

    // What generated code has called: the next frame from it. Where that was compiled into it, code of the libraries may be next, or
    // nothing.
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

            // Codecs of the program are called by way of this one.
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
