using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit;

/// <summary>Emits how the states of an operator are merged, where windows are made of parts.</summary>
internal static class MergeEmitter
{
    private const string Field = "_penstockOther";

    /// <summary>Emits the struct through which the method of the operator reads the state of other rows.</summary>
    public static void EmitAccumulator(CodeWriter code, OperatorStates states)
    {
        code.Line("/// <summary>The state of other rows of the same key, for the method with [Merge]. It can only be read.</summary>");
        using (code.Braces($"public readonly ref struct {KnownNames.Accumulator}"))
        {
            code.Line($"private readonly ref readonly {KnownNames.Contract}.State {Field};");
            code.Line();
            code.Line(
                $"internal {KnownNames.Accumulator}(ref readonly {KnownNames.Contract}.State state) => {Field} = ref state;");
            foreach (var state in states.State.Members)
            {
                code.Line();
                code.Line($"internal ref readonly {state.Declared} {Identifier.Escape(state.Name)} => ref {Field}.{state.Field};");
            }
        }

        code.Line();
    }

    /// <summary>Emits the method of the contract that calls the method of the operator.</summary>
    public static void EmitMethod(CodeWriter code, OperatorModel model, OperatorStates states, CalledMethod method)
    {
        code.Line($"/// <summary>Calls <c>{CSharp.Comment(method.Name)}</c>.</summary>");
        code.Line(CSharp.Inline);
        using (code.Braces($"public static void {method.Form}({model.Type} op, in State other, ref State state)"))
        {
            var copies = states.State.Members.Count > 0;
            if (copies)
            {
                code.Line($"op.{KnownNames.StateField} = state;");
            }

            // State of the key is not merged. What the method sees of it must not depend on the rows before.
            if (states.KeyState.Members.Count > 0)
            {
                code.Line($"op.{KnownNames.KeyStateField} = default;");
            }

            code.Line($"var accumulator = new {KnownNames.Accumulator}(in other);");
            var passing = method.Arguments[0].Passing == PassingKind.In ? "in " : "";
            code.Line($"{(method.IsStatic ? model.Type : "op")}.{Identifier.Escape(method.Name)}({passing}accumulator);");
            if (copies)
            {
                code.Line($"state = op.{KnownNames.StateField};");
            }
        }
    }

    /// <summary>Emits the struct through which the runtime merges states.</summary>
    public static void EmitMerger(CodeWriter code, OperatorPlan plan)
    {
        var hasMethod = plan.Methods.Any(static method => method.Form.TakesState);
        code.Line();
        code.Line($"/// <summary>Merges the states of {plan.Model.Kind.Unit}s.</summary>");
        using (code.Braces(
            $"public readonly struct Merger({plan.Model.Type} op) : global::Penstock.Windows.IStateMerger<State>"))
        {
            code.Line(CSharp.Inline);
            const string Head = "public void Merge(ref State state, in State other)";
            if (hasMethod)
            {
                code.Line($"{Head} => {KnownNames.Contract}.Merge(op, in other, ref state);");
            }
            else
            {
                using (code.Braces(Head))
                {
                    code.Line("// The operator has no state of a window, and no method that merges it.");
                    code.Line("_ = op;");
                }
            }
        }
    }
}
